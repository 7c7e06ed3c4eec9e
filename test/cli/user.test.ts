import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Belfry, type Ran, startBelfry } from './belfry.ts';

let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());

const run = (...args: readonly string[]): Promise<Ran> => belfry.run(args);
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout);

it('keeps users with their addresses and what they wish', async () => {
  expect((await run('user', 'ls')).stderr).toBe('There are no users.\n');
  await run('list', 'create', 'ant@example.com');
  await run('member', 'add', 'ant@example.com', 'Anne <anne@example.org>', 'anne@example.net');

  const { user_id } = await json('user', 'create', 'anne@example.org');
  expect(user_id).toMatch(/^[0-9a-f]{32}$/);
  expect((await run('user', 'create', 'anne@example.org')).stderr).toBe(
    `belfry: anne@example.org belongs to the user ${user_id}\n`,
  );
  expect((await run('user', 'addresses', 'anne@example.org', '--add', 'anne@example.net')).stdout).toBe(
    'anne@example.net  (not verified)\nanne@example.org  (not verified)\n',
  );
  expect((await run('user', 'set', user_id, 'preferred_address=anne@example.org')).stderr).toBe(
    'belfry: anne@example.org is not verified yet\n',
  );
  await run('address', 'verify', 'anne@example.org');
  expect(
    (await run('user', 'set', user_id, 'preferred_address=anne@example.org', 'hide_address=no')).stdout,
  ).toBe(`user_id            ${user_id}\npreferred_address  anne@example.org\nhide_address       no\n`);
  expect((await run('user', 'ls')).stdout).toBe(`${user_id}  anne@example.org  Anne\n`);
  expect(await json('user', 'show', 'anne@example.net')).toMatchObject({
    user_id,
    display_name: 'Anne',
    addresses: ['anne@example.net', 'anne@example.org'],
    preferences: { hide_address: false },
  });
  for (const email of ['anne@example.org', 'anne@example.net']) {
    expect((await run('member', 'show', email)).stdout).toMatch(/\nhide_address +no \(user\)\n/);
  }

  // An address that is taken away is nobody's, and what the user wishes does not count for it any more.
  expect((await run('user', 'addresses', user_id, '--remove', 'anne@example.org')).stderr).toMatch(
    /preferred address; set another one first/,
  );
  expect((await run('user', 'addresses', user_id, '--remove', 'anne@example.net')).stdout).toBe(
    'anne@example.org\n',
  );
  expect((await run('member', 'show', 'anne@example.net')).stdout).toMatch(/\nhide_address +yes \(site\)\n/);

  expect((await run('user', 'delete', user_id)).stdout).toBe(`Deleted the user ${user_id}.\n`);
  expect((await run('user', 'show', 'anne@example.org')).stderr).toBe(
    'belfry: There is no user anne@example.org\n',
  );
  expect((await run('member', 'ls', 'ant@example.com')).stdout).toBe(
    'anne@example.net\nAnne <anne@example.org>\n',
  );
  expect((await run('member', 'show', 'anne@example.org')).stdout).toMatch(/\nhide_address +yes \(site\)\n/);
}, 60_000);
