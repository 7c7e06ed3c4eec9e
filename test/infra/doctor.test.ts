import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DoctorContext, doctorChecks } from '../../bin/doctor/doctor-checks.ts';
import type { DnsResolver } from '../../bin/doctor/domains.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import { type Gateway, startGateway } from '../../lmtp-gateway/gateway.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';

const no = (code: string) => Promise.reject(Object.assign(new Error(`query ${code}`), { code }));

/** DNS that knows what it is given. */
const zone = (
  mx: Readonly<Record<string, string>>,
  txt: Readonly<Record<string, readonly string[]>>,
  cname: Readonly<Record<string, string>> = {},
): DnsResolver => ({
  resolveMx: async (name) => {
    const exchange = mx[name];
    return exchange === undefined ? no('ENODATA') : [{ exchange, priority: 10 }];
  },
  resolveTxt: async (name) => {
    const texts = txt[name];
    // A long text comes in pieces (RFC 7208, section 3.3).
    return texts === undefined ? no('ENOTFOUND') : texts.map((text) => [text.slice(0, 9), text.slice(9)]);
  },
  resolveCname: async (name) => {
    const target = cname[name];
    return target === undefined ? no('ENOTFOUND') : [target];
  },
});

const verified = {
  verification: 'Success',
  dkim: 'Success',
  dkimTokens: ['one', 'two', 'three'],
  mailFrom: 'bounce.lists.example.com',
  mailFromStatus: 'Success',
};

const context = (overrides: SiteOverrides, over: Partial<DoctorContext> = {}): DoctorContext => ({
  kind: 'aws',
  site: readSite(overrides),
  stack: 'Belfry',
  domains: [],
  services: [],
  gateway: undefined,
  resolver: zone({}, {}),
  findStack: async () => undefined,
  readLogin: async () => ({ user: 'belfry', password: 'secret' }),
  sendingQuota: async () => ({ most: 50_000, sent: 10, rate: 14 }),
  ses: {
    sendingEnabled: async () => true,
    identity: async () => verified,
  },
  patienceMs: 5_000,
  ...over,
});

const lineOf = async (name: string, given: DoctorContext) => {
  const found = doctorChecks(given).find((check) => check.name === name);
  if (found === undefined) throw new Error(`There is no check "${name}"`);
  return found.run();
};

describe('DNS', () => {
  const ask = (name: string, resolver: DnsResolver) =>
    lineOf(name, context({}, { domains: ['lists.example.com'], resolver }));

  it('is well when the domain has all its records, and takes the DMARC record of the organisation', async () => {
    const resolver = zone(
      { 'lists.example.com': 'mx.example.com' },
      {
        'lists.example.com': ['google-site-verification=x', 'v=spf1 include:relay.example.net -all'],
        '_dmarc.example.com': ['v=DMARC1; p=quarantine'],
      },
    );
    expect(await ask('MX of lists.example.com', resolver)).toEqual({ state: 'ok', says: 'mx.example.com' });
    expect(await ask('SPF of lists.example.com', resolver)).toEqual({
      state: 'ok',
      says: 'v=spf1 include:relay.example.net -all',
    });
    expect(await ask('DMARC of lists.example.com', resolver)).toEqual({
      state: 'ok',
      says: 'v=DMARC1; p=quarantine (of example.com)',
    });
  });

  it('says what is missing, and what to publish', async () => {
    const resolver = zone({}, {});
    expect(await ask('MX of lists.example.com', resolver)).toMatchObject({
      state: 'fail',
      says: 'no MX record',
    });
    expect(await ask('SPF of lists.example.com', resolver)).toMatchObject({
      state: 'warn',
      says: 'no SPF record',
    });
    expect(await ask('DMARC of lists.example.com', resolver)).toMatchObject({
      state: 'warn',
      hint: expect.stringContaining('_dmarc.example.com'),
    });
  });

  it('refuses two SPF records, and a null MX', async () => {
    const resolver = zone(
      { 'lists.example.com': '' },
      { 'lists.example.com': ['v=spf1 -all', 'v=spf1 +all'] },
    );
    expect(await ask('MX of lists.example.com', resolver)).toMatchObject({ state: 'fail' });
    expect(await ask('SPF of lists.example.com', resolver)).toMatchObject({
      state: 'fail',
      says: '2 SPF records',
    });
  });

  it('does not take a resolver that is down for a missing record', async () => {
    const resolver: DnsResolver = {
      resolveMx: () => no('ESERVFAIL'),
      resolveTxt: () => no('ESERVFAIL'),
      resolveCname: () => no('ESERVFAIL'),
    };
    expect(await ask('SPF of lists.example.com', resolver)).toEqual({
      state: 'fail',
      says: 'query ESERVFAIL',
    });
  });
});

describe('the deployment', () => {
  const stacks = (known: Readonly<Record<string, readonly [status: string, version?: string]>>) =>
    context(
      {},
      {
        findStack: async (name) => {
          const [status, version] = known[name] ?? [];
          return status === undefined
            ? undefined
            : { status, outputs: new Map(version === undefined ? [] : [['BootstrapVersion', version]]) };
        },
      },
    );

  it.each([
    { known: {}, bootstrap: 'fail', stack: 'fail' },
    { known: { CDKToolkit: ['CREATE_COMPLETE', '28'] }, bootstrap: 'ok', stack: 'fail' },
    { known: { CDKToolkit: ['CREATE_COMPLETE', '5'] }, bootstrap: 'fail', stack: 'fail' },
    { known: { Belfry: ['CREATE_COMPLETE'] }, bootstrap: 'warn', stack: 'ok' },
    { known: { Belfry: ['UPDATE_IN_PROGRESS'] }, bootstrap: 'warn', stack: 'warn' },
    { known: { Belfry: ['UPDATE_ROLLBACK_COMPLETE'] }, bootstrap: 'warn', stack: 'warn' },
    { known: { Belfry: ['ROLLBACK_COMPLETE'] }, bootstrap: 'warn', stack: 'fail' },
  ] as const)('$known: bootstrap $bootstrap, stack $stack', async ({ known, bootstrap, stack }) => {
    expect(await lineOf('bootstrap', stacks(known))).toMatchObject({ state: bootstrap });
    expect(await lineOf('stack', stacks(known))).toMatchObject({ state: stack });
  });

  it('tells the reason when AWS does not answer, and does not stop the other checks', async () => {
    const broken = context({}, { findStack: () => Promise.reject(new Error('Could not load credentials')) });
    expect(await lineOf('stack', broken)).toEqual({ state: 'fail', says: 'Could not load credentials' });
  });
});

describe('Amazon SES', () => {
  const overrides = { mta: { smtp_host: 'email-smtp.eu-central-1.amazonaws.com' } };

  it.each([
    { quota: { most: 200, sent: 0, rate: 1 }, state: 'fail', says: 'sandbox' },
    { quota: { most: 50_000, sent: 45_000, rate: 14 }, state: 'warn', says: '45000 of 50000' },
    { quota: { most: 50_000, sent: 50_000, rate: 14 }, state: 'fail', says: '50000 of 50000' },
    { quota: { most: 50_000, sent: 10, rate: 14 }, state: 'ok', says: '10 of 50000' },
    { quota: { most: -1, sent: 10, rate: 14 }, state: 'ok', says: 'any number' },
  ])('$quota is $state', async ({ quota, state, says }) => {
    const found = await lineOf('SES', context(overrides, { sendingQuota: async () => quota }));
    expect(found).toMatchObject({ state, says: expect.stringContaining(says) });
  });

  it('is not asked about when mail leaves otherwise', () => {
    const names = doctorChecks(context({ mta: { smtp_host: 'relay.example.com' } })).map(({ name }) => name);
    expect(names).not.toContain('SES');
  });
});

describe('the identities of Amazon SES', () => {
  const overrides = { delivery: { transport: 'ses' }, ses: { domains: ['lists.example.com'] } };
  const ask = (name: string, over: Partial<DoctorContext> = {}) => lineOf(name, context(overrides, over));
  const knownAs = (known: object): Partial<DoctorContext> => ({
    ses: { sendingEnabled: async () => true, identity: async () => ({ ...verified, ...known }) },
  });

  it('are well when SES has found all records', async () => {
    expect(await ask('SES sending')).toMatchObject({ state: 'ok' });
    expect(await ask('SES identity lists.example.com')).toEqual({
      state: 'ok',
      says: 'verified, signed, MAIL FROM bounce.lists.example.com',
    });
  });

  it.each([
    [{ verification: undefined }, 'fail', 'does not know it'],
    [{ verification: 'Pending', dkim: 'Pending' }, 'fail', 'verification Pending'],
    [{ dkim: 'Failed' }, 'fail', 'DKIM Failed'],
    [{ mailFromStatus: 'Pending' }, 'warn', 'MAIL FROM bounce.lists.example.com Pending'],
  ])('%j is %s', async (known, state, says) => {
    const found = await ask('SES identity lists.example.com', knownAs(known));
    expect(found).toMatchObject({ state, says: expect.stringContaining(says) });
  });

  it('are wanted for every domain that has lists', async () => {
    const found = await ask('SES identity example.org', {
      ...knownAs({ verification: undefined }),
      domains: ['example.org'],
    });
    expect(found).toMatchObject({ state: 'fail', says: expect.stringContaining('not in ses.domains') });
  });

  it('send nothing while the account is paused', async () => {
    const ses = { sendingEnabled: async () => false, identity: async () => verified };
    expect(await ask('SES sending', { ses })).toMatchObject({ state: 'fail' });
  });

  const cnames = Object.fromEntries(
    verified.dkimTokens.map((token) => [
      `${token}._domainkey.lists.example.com`,
      `${token}.dkim.amazonses.com`,
    ]),
  );
  const name = 'bounce.lists.example.com';
  const mx = { [name]: 'feedback-smtp.eu-central-1.amazonses.com' };
  const txt = { [name]: ['v=spf1 include:amazonses.com ~all'] };

  it('have their records in DNS', async () => {
    const resolver = zone(mx, txt, cnames);
    expect(await ask('DKIM of lists.example.com', { resolver })).toEqual({ state: 'ok', says: '3 records' });
    expect(await ask('MAIL FROM of lists.example.com', { resolver })).toEqual({ state: 'ok', says: name });
  });

  it('name the records that are missing, and an MX record that is not that of SES', async () => {
    const { 'two._domainkey.lists.example.com': _, ...two } = cnames;
    expect(await ask('DKIM of lists.example.com', { resolver: zone(mx, txt, two) })).toMatchObject({
      state: 'fail',
      says: 'no CNAME two._domainkey.lists.example.com',
    });
    const mailFrom = (resolver: DnsResolver) => ask('MAIL FROM of lists.example.com', { resolver });
    expect(await mailFrom(zone({}, txt))).toMatchObject({ state: 'warn' });
    expect(await mailFrom(zone(mx, {}))).toMatchObject({ state: 'warn' });
    expect(await mailFrom(zone({ [name]: 'mx.example.com' }, txt))).toMatchObject({
      state: 'fail',
      says: `${name} has the MX record mx.example.com`,
    });
  });

  it('are no matter of a site with a relay', () => {
    const names = doctorChecks(context({ mta: { smtp_host: 'relay.example.com' } })).map((one) => one.name);
    expect(names.filter((one) => /SES|DKIM|MAIL FROM/.test(one))).toEqual([]);
  });
});

describe('the relay', () => {
  let relay: TestRelay;
  beforeEach(async () => {
    relay = await startRelay();
  });
  afterEach(() => relay.close());

  const plainly = (more: Readonly<Record<string, unknown>> = {}): SiteOverrides => ({
    mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp', ...more },
  });

  it('is well when it takes our mail', async () => {
    expect(await lineOf('relay', context(plainly()))).toEqual({
      state: 'ok',
      says: 'not encrypted, no login, 8BITMIME',
    });
    expect(relay.received).toEqual([]);
  });

  it('is of no use without 8BITMIME', async () => {
    relay.says({ ehlo: () => ['relay.test', 'SIZE'] });
    expect(await lineOf('relay', context(plainly()))).toMatchObject({
      state: 'fail',
      says: 'it does not offer 8BITMIME',
    });
  });

  it('must speak TLS when the settings want it', async () => {
    // This relay says yes to STARTTLS and then speaks no TLS; the doctor does not wait for it for long.
    const starttls = context(plainly({ smtp_secure_mode: 'starttls' }), { patienceMs: 300 });
    expect(await lineOf('relay', starttls)).toMatchObject({ state: 'fail' });
  });

  it('tells a refused login from a refused connection', async () => {
    relay.says({ ehlo: () => ['relay.test', '8BITMIME', 'AUTH LOGIN'] });
    const refused = await lineOf('relay', context(plainly({ smtp_credentials: 'belfry/relay' })));
    expect(refused).toMatchObject({ state: 'fail', says: expect.stringContaining('refuses the login') });
    relay.says({ greeting: () => '554 5.7.1 Not you' });
    expect(await lineOf('relay', context(plainly()))).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('Not you'),
    });
  });

  it('is not asked when its secret cannot be read', async () => {
    const found = await lineOf(
      'relay',
      context(plainly({ smtp_credentials: 'belfry/relay' }), {
        readLogin: () => Promise.reject(new Error('AccessDenied')),
      }),
    );
    expect(found).toMatchObject({
      state: 'fail',
      says: 'the secret belfry/relay cannot be read: AccessDenied',
    });
    expect(relay.connections()).toBe(0);
  });

  it('has a secret that is never shown, not even when it cannot be parsed', async () => {
    const found = await lineOf(
      'relay',
      context(plainly({ smtp_credentials: 'belfry/relay' }), {
        readLogin: async () => JSON.parse('hunter2'),
      }),
    );
    expect(found).toMatchObject({
      state: 'fail',
      says: 'the secret belfry/relay cannot be read: it is not JSON',
    });
  });

  it('that is gone is a failure, unless it is in a VPC where this machine is not', async () => {
    const { port } = relay;
    await relay.close();
    relay = await startRelay();
    const gone = { mta: { smtp_host: '127.0.0.1', smtp_port: port } };
    expect(await lineOf('relay', context(gone))).toMatchObject({ state: 'fail' });
    const inVpc = { ...gone, delivery: { relay_network: 'vpc' } };
    expect(await lineOf('relay', context(inVpc))).toMatchObject({ state: 'warn' });
  });

  it('on port 25 is doubtful outside of a VPC', async () => {
    expect(await lineOf('relay port', context({ mta: { smtp_port: 25 } }))).toMatchObject({ state: 'warn' });
    expect(await lineOf('relay port', context({ mta: { smtp_port: 587 } }))).toMatchObject({ state: 'ok' });
  });

  it('must be set', async () => {
    expect(await lineOf('relay', context({}))).toMatchObject({
      state: 'fail',
      says: 'mta.smtp_host is not set',
    });
  });
});

describe('the local stack', () => {
  let emulators: Emulators;
  let gateway: Gateway;

  beforeAll(async () => {
    emulators = await startEmulators();
    gateway = await startGateway({
      site: readSite({ gateway: { health_port: 0 } }),
      ...emulators,
      clock: systemClock,
      maillog: mailLogTo(() => undefined),
      listen: { host: '127.0.0.1', port: 0 },
      version: 'test',
      problem: () => undefined,
    });
  });
  afterAll(async () => {
    await gateway.stop(1);
    await emulators.close();
  });

  const local = (over: Partial<DoctorContext> = {}) =>
    context(
      {},
      {
        kind: 'local',
        gateway: { host: '127.0.0.1', port: gateway.lmtp.port },
        services: [{ name: 'table', ask: () => emulators.store.lists.byId('doctor.invalid') }],
        ...over,
      },
    );

  it('is looked at without AWS and DNS', () => {
    expect(doctorChecks(local({ domains: ['example.com'] })).map(({ name }) => name)).toEqual([
      'site owner',
      'table',
      'gateway',
      'relay port',
      'relay',
    ]);
  });

  it('has a gateway that greets, and a table that answers', async () => {
    expect(await lineOf('table', local())).toEqual({ state: 'ok', says: 'answers' });
    expect(await lineOf('gateway', local())).toEqual({
      state: 'ok',
      says: expect.stringMatching(/answers LHLO with .*PIPELINING.*8BITMIME/),
    });
  });

  it('is ill when its gateway does not answer; one in AWS may be hidden from here', async () => {
    const relay = await startRelay();
    await relay.close();
    const gone = { gateway: { host: '127.0.0.1', port: relay.port } };
    expect(await lineOf('gateway', local(gone))).toMatchObject({ state: 'fail' });
    expect(await lineOf('gateway', local({ ...gone, kind: 'aws' }))).toMatchObject({ state: 'warn' });
  });
});
