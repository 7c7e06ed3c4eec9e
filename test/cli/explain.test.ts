import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
  // DNS is asked in docs/chains.md; this list asks none.
  await belfry.run([
    'list',
    'create',
    'ant@example.com',
    '--style',
    'legacy-default',
    '--set',
    'moderator_password=sesame',
  ]);
  await belfry.run(['member', 'add', 'ant@example.com', 'anne@example.org']);
});
afterAll(() => belfry.close());

const mail = 'From: anne@example.org\nTo: ant@example.com\nSubject: hello\n\nHi.\n';
const explain = (input: string, ...args: readonly string[]) =>
  belfry.run(['post', 'explain', 'ant@example.com', ...args], input);

it('tells rule by rule what would become of a mail', async () => {
  const { status, stdout, stderr } = await explain(mail);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^emergency +miss {2}The list is in no emergency\.$/m);
  expect(stdout).toMatch(/\n\nIt would be accepted, and go to the members\.\n$/);
});

it('takes the envelope sender as a sender, as the gateway does', async () => {
  const unsigned = 'To: ant@example.com\nSubject: hello\n\nHi.\n';
  expect((await explain(unsigned)).stdout).toMatch(/^no-senders +hit .* -> discard$/m);
  expect((await explain(unsigned, '--sender', 'anne@example.org')).stdout).toContain('It would be accepted');
});

it('tells machines all of it', async () => {
  const { stdout } = await explain(mail.replace('Subject: hello\n', ''), '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    list_id: 'ant.example.com',
    chain: 'default-posting-chain',
    senders: ['anne@example.org'],
    disposition: 'held',
    decided_by: 'hold',
    reasons: ['The message has no subject.'],
    rule_hits: ['no-subject'],
    metadata: { moderation_sender: 'anne@example.org' },
  });
});

it('explains mail to the owners', async () => {
  const { stdout } = await explain(mail, '--owner');
  expect(stdout).toMatch(/^chain +default-owner-chain$/m);
  expect(stdout).toMatch(/^owner-loop +miss/m);
});

it('writes nothing: no record, no nonmember, no try of a password', async () => {
  const { store } = belfry.emulators;
  const strange = 'From: x@example.net\nApproved: wrong\nTo: ant@example.com\nSubject: y\n\nz\n';
  const { stdout } = await explain(strange, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ disposition: 'held', metadata: { has_approved: true } });
  expect(await store.members.get('ant.example.com', 'nonmember', 'x@example.net')).toBeUndefined();
  const hour = new Date().toISOString().slice(0, 13);
  const place = await store.limits.position(`approved#ant.example.com#${hour}`, 'first', 30, new Date());
  expect(place).toBe(1);
});

it('says that there is no mail, or no such list', async () => {
  expect((await explain('')).stderr).toBe('belfry: There is no mail on standard input\n');
  expect((await belfry.run(['post', 'explain', 'none@example.com'], mail)).stderr).toBe(
    'belfry: There is no list none@example.com\n',
  );
});
