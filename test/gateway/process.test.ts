import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { makeList } from './gateway-under-test.ts';
import { LmtpClient } from './lmtp-client.ts';
import { startS3Sink } from './s3-sink.ts';

const megabyte = 1_048_576;

/** The size of each of the hundred mails: together they would never fit into the memory allowed. */
const megabytes = 8;

describe('the gateway that is deployed', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
    await makeList(emulators, 'ant@example.com');
  });
  afterAll(async () => {
    await emulators.close();
  });

  it('takes mail, finishes what it receives on SIGTERM, and ends with status 0', async () => {
    const gateway = await startGatewayProcess(emulators, {});
    const client = await LmtpClient.open(gateway.port);
    expect(await client.reply()).toMatch(/^220 .* LMTP Belfry \d+\.\d+\.\d+$/);
    await client.say('LHLO mta.example.org');
    expect(await client.mail('anne@example.org', ['ant@example.com'], 'Subject: One\r\n\r\n')).toEqual([
      expect.stringMatching(/^250 /),
    ]);
    expect((await fetch(`http://127.0.0.1:${gateway.healthPort}/`)).status).toBe(200);

    await client.say('MAIL FROM:<anne@example.org>');
    await client.say('RCPT TO:<ant@example.com>');
    await client.say('DATA');
    gateway.signal('SIGTERM');
    // A new connection is turned away as soon as the signal has arrived.
    let greeting = '';
    while (!greeting.startsWith('421 4.3.2 ')) {
      const late = await LmtpClient.open(gateway.port);
      greeting = await late.reply();
      late.close();
    }
    await client.send('Subject: Two\r\n\r\n.\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    expect(await gateway.exited).toBe(0);
    expect(await emulators.receive('in')).toHaveLength(2);
    client.close();
    await gateway.close();
  });

  it('takes a hundred large mails at once without holding them in memory', async () => {
    const sink = await startS3Sink();
    const gateway = await startGatewayProcess(emulators, {}, { AWS_ENDPOINT_URL_S3: sink.endpoint });
    const line = `${'0123456789'.repeat(99)}\r\n`;
    const piece = Buffer.from(line.repeat(Math.ceil(megabyte / line.length)));

    const clients = await Promise.all(Array.from({ length: 100 }, () => LmtpClient.open(gateway.port)));
    await Promise.all(
      clients.map(async (client, index) => {
        await client.reply();
        await client.say('LHLO mta.example.org');
        await client.say('MAIL FROM:<anne@example.org>');
        await client.say('RCPT TO:<ant@example.com>');
        expect(await client.say('DATA')).toMatch(/^354 /);
        await client.send(`Message-ID: <${index}@example.org>\r\n\r\n`);
      }),
    );
    for (let sent = 0; sent < megabytes; sent += 1)
      await Promise.all(clients.map((client) => client.send(piece)));
    await Promise.all(clients.map((client) => client.send('.\r\n')));
    const replies = await Promise.all(clients.map((client) => client.reply()));

    expect(replies.filter((reply) => !reply.startsWith('250 '))).toEqual([]);
    expect(sink.objects()).toBe(100);
    expect(sink.bytes()).toBeGreaterThan(100 * megabytes * piece.length);
    expect(await emulators.receive('in')).toHaveLength(100);
    // The container has 512 MB; with mails of 30 MB the peak was the same, 235 MB.
    expect(gateway.peakMemory()).toBeLessThan(350 * megabyte);
    for (const client of clients) client.close();
    await gateway.close();
    await sink.close();
  }, 120_000);
});
