import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { type Belfry, type Ran, startBelfry } from './belfry.ts';

let belfry: Belfry;
const list = 'ant@example.com';
let count = 0;
/** The address of the test at hand; it is a member of the list. */
let anne = '';
beforeAll(async () => {
  belfry = await startBelfry();
  await belfry.run(['list', 'create', list]);
});
afterAll(() => belfry.close());
beforeEach(async () => {
  count += 1;
  anne = `anne${count}@example.org`;
  await run('member', 'add', list, `Anne <${anne}>`);
});

const run = (...args: readonly string[]): Promise<Ran> => belfry.run(args);

/** Runs a command while the function command takes what is on its queue; that it waits there is left out. */
const runServed = async (...args: readonly string[]): Promise<Ran> => {
  const { store, queues, receive } = belfry.emulators;
  let late = 0;
  let done = false;
  const ports = {
    store,
    clock: { now: () => new Date(Date.now() + late) },
    queues: {
      send: async (messages: Parameters<typeof queues.send>[0], { delaySeconds = 0 } = {}) => {
        late += delaySeconds * 1000;
        await queues.send(messages);
      },
    },
  };
  const serve = async (): Promise<void> => {
    while (!done) {
      for (const message of await receive('command')) {
        if (message.type === 'address-change') await runAddressChange(message, ports);
      }
    }
  };
  const ran = run(...args).finally(() => {
    done = true;
  });
  const [outcome] = await Promise.all([ran, serve()]);
  return outcome;
};

describe('address verify, unverify and show', () => {
  it('tell what is known of an address', async () => {
    expect((await run('address', 'show', anne)).stdout).toBe(
      [
        `address        ${anne}`,
        'display_name   Anne',
        'registered_on  -',
        'verified_on    -',
        'user           -',
        'is             member of ant.example.com\n',
      ].join('\n'),
    );
    expect(await run('address', 'verify', anne)).toEqual({
      status: 0,
      stdout: `${anne} is verified.\n`,
      stderr: '',
    });
    const shown = JSON.parse((await run('address', 'show', anne, '--json')).stdout);
    expect(shown).toMatchObject({ email: anne, display_name: 'Anne', memberships: [{ role: 'member' }] });
    expect(Date.parse(shown.verified_on)).not.toBeNaN();
    await run('address', 'unverify', anne);
    expect(JSON.parse((await run('address', 'show', anne, '--json')).stdout)).not.toHaveProperty(
      'verified_on',
    );
  });

  it('say what they cannot do', async () => {
    expect((await run('address', 'show', 'nobody@example.org')).stderr).toBe(
      'belfry: Nothing is known of nobody@example.org\n',
    );
    expect((await run('address', 'verify', 'nobody')).stderr).toBe(
      'belfry: "nobody" is not an e-mail address\n',
    );
  });
});

describe('address set', () => {
  it('counts for a membership that does not say otherwise, and is shown there with where it comes from', async () => {
    expect((await run('address', 'set', anne, 'hide_address=no', 'delivery_mode=mime_digests')).stdout).toBe(
      `address        ${anne}\nhide_address   no\ndelivery_mode  mime_digests\n`,
    );
    await run('member', 'set', list, anne, 'delivery_mode=regular');
    const { stdout } = await run('member', 'show', anne, '--list', list);
    expect(stdout).toMatch(new RegExp(`^member +Anne <${anne}>\nlist_id +ant.example.com\n`));
    expect(stdout).toMatch(/\nsubscribed +as address, /);
    expect(stdout).toMatch(/\ndelivery_mode +regular \(member\)\n/);
    expect(stdout).toMatch(/\nhide_address +no \(address\)\n/);
    expect(stdout).toMatch(/\npreferred_language +en \(list\)\n/);
    expect(stdout).toMatch(/\nreceive_own_postings +yes \(site\)\n/);
    await run('address', 'set', anne, 'hide_address=');
    expect((await run('member', 'show', anne)).stdout).toMatch(/\nhide_address +yes \(site\)\n/);
  });

  it('refuses what an address does not have', async () => {
    expect((await run('address', 'set', anne, 'moderation_action=hold')).stderr).toMatch(
      /^belfry: An address has no "moderation_action"; it has display_name, delivery_mode,/,
    );
    expect((await run('member', 'show', 'nobody@example.org', '--list', list)).stderr).toBe(
      `belfry: nobody@example.org is no member of ${list}\n`,
    );
  });
});

describe('address change', () => {
  it('waits until the new address is in the place of the old one', async () => {
    const now = `new-${anne}`;
    await run('member', 'set', list, anne, 'moderation_action=hold');
    expect(await runServed('address', 'change', anne, now)).toEqual({
      status: 0,
      stdout: `${now} is in the place of ${anne}, with 1 membership.\n`,
      stderr: '',
    });
    const [member] = JSON.parse((await run('member', 'show', now, '--json')).stdout);
    expect(member).toMatchObject({ email: now, display_name: 'Anne', moderation_action: 'hold' });
    expect((await run('address', 'show', anne)).stderr).toBe(`belfry: Nothing is known of ${anne}\n`);
  });

  it('says in one line why it cannot be', async () => {
    expect(await run('address', 'change', anne, list)).toEqual({
      status: 1,
      stdout: '',
      stderr: `belfry: ${list} is the address of a mailing list\n`,
    });
  });

  it('moves what stands for a user when another address is preferred', async () => {
    const other = `other-${anne}`;
    const { user_id } = JSON.parse((await run('user', 'create', anne, '--json')).stdout);
    await run('user', 'addresses', user_id, '--add', other);
    for (const email of [anne, other]) await run('address', 'verify', email);
    await run('user', 'set', user_id, `preferred_address=${anne}`);
    expect(await run('member', 'set', list, anne, 'subscription_mode=as_user')).toEqual({
      status: 0,
      stdout: `member             Anne <${anne}>\nsubscription_mode  as_user\n`,
      stderr: '',
    });
    expect((await runServed('user', 'set', anne, `preferred_address=${other}`)).stdout).toBe(
      `user_id            ${user_id}\npreferred_address  ${other}\n`,
    );
    expect((await run('member', 'show', other)).stdout).toMatch(/\nsubscribed +as user, /);
    expect((await run('address', 'unverify', other)).stderr).toMatch(/preferred address of its user/);
    await run('member', 'set', list, other, 'subscription_mode=as_address');
    expect((await run('member', 'show', other)).stdout).toMatch(/\nsubscribed +as address, /);
  });

  it('lets nobody be a member as user by an address that is not the preferred one', async () => {
    const refused = `belfry: ${anne} is not the preferred address of a user, and only by that one a user is a member\n`;
    const asUser = () => run('member', 'set', list, anne, 'subscription_mode=as_user', 'display_name=A');
    expect(await asUser()).toEqual({ status: 1, stdout: '', stderr: refused });
    await run('user', 'create', anne);
    expect((await asUser()).stderr).toBe(refused);
    expect((await run('member', 'show', anne)).stdout).toMatch(/\nsubscribed +as address, /);
    const { stderr } = await run('member', 'set', list, anne, 'subscription_mode=as_both');
    expect(stderr).toBe('belfry: subscription_mode: "as_both" is not one of as_address, as_user\n');
    expect((await run('member', 'set', list, `no-${anne}`, 'subscription_mode=as_address')).status).toBe(1);
  });
});
