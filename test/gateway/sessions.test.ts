import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { testCertificate as certificate } from './certificate.ts';
import { makeList, startTestGateway } from './gateway-under-test.ts';
import { LmtpClient } from './lmtp-client.ts';

describe('sessions with the gateway', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
    await makeList(emulators, 'ant@example.com');
  });
  afterAll(async () => {
    await emulators.close();
  });

  it('are encrypted when the site has a certificate', async () => {
    const gateway = await startTestGateway(emulators, {}, { certificate });
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    expect(await client.say('LHLO mta.example.org')).toContain('250-STARTTLS');
    expect(await client.say('STARTTLS')).toMatch(/^220 /);
    await client.secure(certificate.cert);
    expect(await client.say('MAIL FROM:<anne@example.org>')).toBe('503 5.5.1 Error: send LHLO first');
    expect(await client.say('LHLO mta.example.org')).not.toContain('STARTTLS');
    expect(await client.mail('anne@example.org', ['ant@example.com'], 'Subject: In secret\r\n\r\n')).toEqual([
      expect.stringMatching(/^250 /),
    ]);
    expect(await emulators.receive('in')).toHaveLength(1);
    client.close();
    await gateway.stop(0);
  });

  it('run no command that came in the clear behind STARTTLS', async () => {
    const gateway = await startTestGateway(emulators, {}, { certificate });
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    await client.say('LHLO mta.example.org');
    await client.send('STARTTLS\r\nMAIL FROM:<evil@example.org>\r\n');
    expect(await client.reply()).toMatch(/^220 /);
    await client.secure(certificate.cert);
    await client.say('LHLO mta.example.org');
    expect(await client.say('RCPT TO:<ant@example.com>')).toBe('503 5.5.1 Error: need MAIL command');
    client.close();
    await gateway.stop(0);
  });

  it('from the internet must be encrypted before they send mail', async () => {
    const internet = { gateway: { exposure: 'internet' } };
    await expect(startTestGateway(emulators, internet)).rejects.toThrow('gateway.tls_secret');
    const gateway = await startTestGateway(emulators, internet, { certificate });
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    await client.say('LHLO mta.example.org');
    expect(await client.say('MAIL FROM:<anne@example.org>')).toBe(
      '530 5.7.0 Must issue a STARTTLS command first',
    );
    expect(await client.say('STARTTLS')).toMatch(/^220 /);
    await client.secure(certificate.cert);
    await client.say('LHLO mta.example.org');
    expect(await client.say('MAIL FROM:<anne@example.org>')).toBe('250 2.1.0 Ok');
    client.close();
    await gateway.stop(0);
  });

  it('leave the health port free, however many there are', async () => {
    const gateway = await startTestGateway(emulators, { gateway: { max_sessions: 1 } });
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    const response = await fetch(`http://127.0.0.1:${gateway.health.port}/`);
    expect(response.status).toBe(200);
    client.close();
    await gateway.stop(0);
  });

  it('may finish the mail they are receiving when the gateway stops, and no other', async () => {
    const gateway = await startTestGateway(emulators);
    const busy = await LmtpClient.open(gateway.port);
    const idle = await LmtpClient.open(gateway.port);
    for (const client of [busy, idle]) {
      await client.reply();
      await client.say('LHLO mta.example.org');
    }
    await busy.say('MAIL FROM:<anne@example.org>');
    await busy.say('RCPT TO:<ant@example.com>');
    expect(await busy.say('DATA')).toMatch(/^354 /);
    await busy.send('Subject: In the middle\r\n');

    const stopped = gateway.stop(60);
    expect(await idle.say('NOOP')).toBe('421 4.3.2 Service is closing, try again');
    const late = await LmtpClient.open(gateway.port);
    expect(await late.reply()).toBe('421 4.3.2 Service is closing, try again');
    expect((await fetch(`http://127.0.0.1:${gateway.health.port}/`)).status).toBe(503);

    await busy.send('\r\nThe end.\r\n.\r\n');
    expect(await busy.reply()).toMatch(/^250 2\.0\.0 /);
    expect(await busy.say('MAIL FROM:<anne@example.org>')).toBe('421 4.3.2 Service is closing, try again');
    await stopped;
    expect(await emulators.receive('in')).toHaveLength(1);
    for (const client of [busy, idle, late]) client.close();
  });

  it('are dropped without a reply when their mail takes longer than the grace', async () => {
    const gateway = await startTestGateway(emulators);
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    await client.say('LHLO mta.example.org');
    await client.say('MAIL FROM:<anne@example.org>');
    await client.say('RCPT TO:<ant@example.com>');
    await client.say('DATA');
    await gateway.stop(0.1);
    expect(await client.reply()).toBe('(closed)');
    expect(await emulators.receive('in')).toEqual([]);
  });

  it('are no news when they break off, and their refusals are in the mail log', async () => {
    const gateway = await startTestGateway(emulators);
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    await client.say('LHLO mta.example.org');
    await client.mail('anne@example.org', ['ant@example.com'], 'no header\r\n');
    client.cut();
    await gateway.stop(0);
    expect(gateway.maillog).toEqual([
      expect.objectContaining({ maillog: 'refused', list: 'ant.example.com', code: 550 }),
    ]);
    expect(gateway.problems).toEqual([]);
  });

  it('may say whatever they want, and do no harm to others', async () => {
    const gateway = await startTestGateway(emulators);
    const words = fc.constantFrom(
      ...[
        'LHLO x',
        'MAIL FROM:<a@example.org>',
        'RCPT TO:<ant-join@example.com>',
        'DATA',
        '.',
        '..',
        '\r\n',
        '\n',
        '\r',
        ' ',
      ],
      ...[
        'RSET',
        'STARTTLS',
        'QUIT',
        'X: y',
        '\0',
        '<',
        '>',
        '"',
        '\\',
        ':',
        '+',
        '@',
        '\xff',
        'MAIL FROM:',
        'NOOP',
      ],
    );
    const script = fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }).map((pieces) => pieces.join(''));
    const scripts = fc.array(script, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(scripts, async (said) => {
        await Promise.all(
          said.map(async (text) => {
            const client = await LmtpClient.open(gateway.port);
            await client.reply();
            await client.send(text);
            client.cut();
          }),
        );
        const witness = await LmtpClient.open(gateway.port);
        await witness.reply();
        expect(await witness.say('LHLO mta.example.org')).toMatch(/^250-/);
        expect(await witness.say('MAIL FROM:<anne@example.org>')).toBe('250 2.1.0 Ok');
        expect(await witness.say('RCPT TO:<ant@example.com>')).toBe('250 2.1.5 Ok');
        witness.close();
      }),
      { numRuns: 8 },
    );
    expect(gateway.problems).toEqual([]);
    await gateway.stop(0);
  });
});
