import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { openSession, type Server } from '../../lib/smtp/session.ts';
import { type RelayTls, type Script, startRelay, type TestRelay } from '../harness/relay.ts';
import { selfSigned } from '../harness/self-signed.ts';

const open: TestRelay[] = [];
const authorities = getCACertificates();
afterEach(async () => {
  setDefaultCACertificates([...authorities]);
  for (const relay of open.splice(0)) await relay.close();
});

const start = async (script: Script = {}, tls?: RelayTls): Promise<TestRelay> => {
  const relay = await startRelay(script, tls);
  open.push(relay);
  return relay;
};

const talk = async (relay: TestRelay, more: Partial<Server> = {}) => {
  const session = await openSession({
    host: '127.0.0.1',
    port: relay.port,
    security: 'none',
    verifyCertificate: true,
    verifyHost: true,
    login: undefined,
    openMs: 5_000,
    ...more,
  });
  const { extensions, secure } = session;
  await session.wire.close();
  return { extensions, secure };
};

const login = { user: 'belfry', password: 'secret' };

describe('opening a session', () => {
  it('greets with a name or an address, and reads what the server offers', async () => {
    const relay = await start({
      ehlo: () => ['relay.test hello', 'pipelining', 'SIZE 1000', 'AUTH=LOGIN PLAIN'],
    });
    const { extensions, secure } = await talk(relay);
    expect([...extensions]).toEqual([
      ['PIPELINING', ''],
      ['SIZE', '1000'],
      ['AUTH', 'LOGIN PLAIN'],
    ]);
    expect(secure).toBe(false);
    expect(relay.commands).toEqual([expect.stringMatching(/^EHLO ([\w-]+(\.[\w-]+)+|\[.+\])$/), 'QUIT']);
  });

  it.each<[string, Script, string]>([
    ['a greeting that refuses us', { greeting: () => '554 5.7.1 Not you' }, '554 5.7.1 Not you'],
    ['EHLO refused', { ehlo: () => '502 5.5.1 What?' }, '502 5.5.1 What?'],
    ['another protocol', { greeting: () => 'SSH-2.0-OpenSSH_9.2' }, 'does not speak SMTP'],
    ['an end instead of a greeting', { greeting: () => 'drop' }, ''],
    ['an end instead of EHLO', { ehlo: () => 'drop' }, ''],
  ])('fails with the words of the server for %s', async (_what, script, words) => {
    await expect(talk(await start(script))).rejects.toThrow(words);
  });

  it.each<[string, Script]>([
    ['no greeting', { greeting: () => 'hang' }],
    ['no answer to EHLO', { ehlo: () => 'hang' }],
    ['a byte now and then', { trickleMs: 60 }],
    ['no end of the reply', { ehlo: () => '250-relay.test' }],
  ])('ends in time with %s', async (_what, script) => {
    const failed = expect(talk(await start(script), { openMs: 200 })).rejects;
    await failed.toMatchObject({ kind: 'time-out' });
  });

  it('fails for a server that is not there', async () => {
    const relay = await startRelay();
    await relay.close();
    await expect(talk(relay)).rejects.toMatchObject({ kind: 'closed', message: /ECONNREFUSED/ });
  });
});

describe('TLS', () => {
  const trusted = (host: string): RelayTls => {
    const own = selfSigned(host);
    setDefaultCACertificates([...authorities, own.cert]);
    return own;
  };

  it('begins with STARTTLS, and what was offered in the clear does not count', async () => {
    const relay = await start({}, trusted('127.0.0.1'));
    const { secure, extensions } = await talk(relay, { security: 'starttls' });
    expect(secure).toBe(true);
    expect(extensions.has('STARTTLS')).toBe(false);
    expect(relay.commands.map((command) => command.slice(0, 4))).toEqual(['EHLO', 'STAR', 'EHLO', 'QUIT']);
  });

  it('begins with the first byte for smtps', async () => {
    const relay = await start({}, { ...trusted('127.0.0.1'), fromTheStart: true });
    expect(await talk(relay, { security: 'tls' })).toMatchObject({ secure: true });
  });

  it('is not given up when STARTTLS was taken out of the reply on its way', async () => {
    const relay = await start({ ehlo: () => ['relay.test', '8BITMIME', 'AUTH PLAIN'], auth: () => '235 Ok' });
    const opening = talk(relay, { security: 'starttls', login });
    await expect(opening).rejects.toMatchObject({ kind: 'tls', message: /does not offer STARTTLS/ });
    expect(relay.commands.join()).not.toContain('AUTH');
  });

  it('does not begin when STARTTLS is refused', async () => {
    const relay = await start({ starttls: () => '454 4.7.0 Not now' }, trusted('127.0.0.1'));
    await expect(talk(relay, { security: 'starttls' })).rejects.toThrow('454 4.7.0 Not now');
  });

  it('does not begin when somebody in between says something in the clear', async () => {
    const injected = '250-evil.test\r\n250 AUTH LOGIN\r\n';
    const relay = await start({ injected }, trusted('127.0.0.1'));
    await expect(talk(relay, { security: 'starttls' })).rejects.toMatchObject({ kind: 'protocol' });
  });

  it('makes us forget what somebody in between began to say in the clear', async () => {
    const relay = await start({ injected: '250-evil.test\r\n250-AUTH LOGIN\r\n25' }, trusted('127.0.0.1'));
    const { extensions } = await talk(relay, { security: 'starttls' });
    expect([...extensions.keys()]).toEqual(['PIPELINING', '8BITMIME', 'SIZE', 'ENHANCEDSTATUSCODES']);
  });

  it.each(['starttls', 'tls'] as const)(
    'of %s needs a certificate that is valid, unless told otherwise',
    async (security) => {
      const relay = await start({}, { ...selfSigned('127.0.0.1'), fromTheStart: security === 'tls' });
      await expect(talk(relay, { security })).rejects.toMatchObject({ kind: 'tls', message: /self-signed/ });
      expect(await talk(relay, { security, verifyCertificate: false })).toMatchObject({ secure: true });
    },
  );

  it('needs a certificate with the name of the host, unless told otherwise', async () => {
    const relay = await start({}, trusted('relay.example.com'));
    await expect(talk(relay, { security: 'starttls' })).rejects.toMatchObject({ kind: 'tls' });
    expect(await talk(relay, { security: 'starttls', verifyHost: false })).toMatchObject({ secure: true });
  });

  it('that never comes about ends in time', async () => {
    const plain = await start({ ehlo: () => ['relay.test', 'STARTTLS'], starttls: () => '220 Go ahead' });
    const opening = talk(plain, { security: 'starttls', openMs: 200 });
    await expect(opening).rejects.toMatchObject({ kind: expect.stringMatching(/tls|time-out/) });
  });
});

describe('the login', () => {
  const asked = (offers: string) => {
    const seen: string[][] = [];
    const script: Script = {
      ehlo: () => ['relay.test', ...(offers === '' ? [] : [offers])],
      auth: (...given) => {
        seen.push(given);
        return given[2] === 'wrong' ? '535 5.7.8 Wrong password' : '235 2.7.0 Ok';
      },
    };
    return { seen, script };
  };

  it.each([
    ['AUTH PLAIN LOGIN', 'PLAIN'],
    ['AUTH LOGIN PLAIN', 'PLAIN'],
    ['AUTH CRAM-MD5 LOGIN', 'LOGIN'],
  ])('at a server that offers %s is %s', async (offers, mechanism) => {
    const { seen, script } = asked(offers);
    await talk(await start(script), { login });
    expect(seen).toEqual([[mechanism, 'belfry', 'secret']]);
  });

  it('sends a long password in a line of its own, and letters as UTF-8', async () => {
    const { seen, script } = asked('AUTH PLAIN');
    const password = 'pässword'.repeat(60);
    const relay = await start(script);
    await talk(relay, { login: { user: 'belfry', password } });
    expect(seen).toEqual([['PLAIN', 'belfry', password]]);
    expect(relay.commands).toContain('AUTH PLAIN');
  });

  it.each(['AUTH PLAIN', 'AUTH LOGIN'])('that is refused fails as a login (%s)', async (offers) => {
    const { script } = asked(offers);
    const opening = talk(await start(script), { login: { user: 'belfry', password: 'wrong' } });
    await expect(opening).rejects.toMatchObject({ kind: 'login', message: '535 5.7.8 Wrong password' });
  });

  it.each(['', 'AUTH CRAM-MD5'])('fails at a server that offers none that we know ("%s")', async (offers) => {
    const { script } = asked(offers);
    await expect(talk(await start(script), { login })).rejects.toMatchObject({ kind: 'login' });
  });
});
