import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSes } from '../../lib/ses/ses-client.ts';
import { faultOf, type SesFault } from '../../lib/ses/ses-errors.ts';
import { pointSdkTo } from './fixtures.ts';

/** What the server says to a call: a status and an error of the API, a broken connection, or nothing ever. */
type Said =
  | { readonly status: number; readonly code: string; readonly message: string }
  | 'break'
  | 'silence';
let said: Said = 'break';
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (said === 'silence') return;
      if (said === 'break') {
        request.socket.destroy();
        return;
      }
      response.writeHead(said.status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${said.code}</Code>` +
          `<Message>${said.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => server.closeAllConnections());

/** What the SDK's error means when SES says this. */
const fault = async (answer: Said, recipient = 'bart@example.net', port?: number): Promise<SesFault> => {
  said = answer;
  const { port: listening } = server.address() as AddressInfo;
  pointSdkTo(`http://127.0.0.1:${port ?? listening}`);
  const { client } = openSes({ connections: 1, replyMs: 200 });
  try {
    await client.send(
      new SendRawEmailCommand({
        Destinations: [recipient],
        RawMessage: { Data: Buffer.from('From: x@y\r\n\r\n') },
      }),
    );
  } catch (error) {
    return faultOf(error, recipient);
  } finally {
    client.destroy();
  }
  throw new Error('SES took the mail');
};
const api = (code: string, message: string, status = 400): Said => ({ status, code, message });

describe('an error of SES', () => {
  it.each([
    ['Throttling', 'Maximum sending rate exceeded.', 'throttled', '454 4.7.0 Maximum sending rate exceeded.'],
    ['TooManyRequestsException', 'Too many requests', 'throttled', '454 4.7.0 Too many requests'],
    ['Throttling', 'Daily message quota exceeded.', 'refused-us', '454 4.7.0 Daily message quota exceeded.'],
    [
      'AccountSendingPausedException',
      'x',
      'refused-us',
      '554 5.7.1 Amazon SES has paused sending for this account: x',
    ],
    [
      'ConfigurationSetSendingPausedException',
      'x',
      'refused-us',
      '554 5.7.1 Sending is paused for the configuration set: x',
    ],
    [
      'ConfigurationSetDoesNotExist',
      'x',
      'refused-us',
      '554 5.7.1 Amazon SES knows no such configuration set: x',
    ],
    [
      'MailFromDomainNotVerifiedException',
      'x',
      'refused-us',
      '554 5.7.1 The MX record of the MAIL FROM domain cannot be read: x',
    ],
    ['AccessDenied', 'x', 'refused-us', '554 5.7.1 Amazon SES refuses us (AccessDenied): x'],
    ['ExpiredToken', 'x', 'refused-us', '554 5.7.1 Amazon SES refuses us (ExpiredToken): x'],
    ['SomethingNew', 'x', 'refused-us', '554 5.7.1 Amazon SES refuses us (SomethingNew): x'],
    [
      'MessageRejected',
      'Sending suspended for this account.',
      'refused-us',
      '554 5.7.1 Sending suspended for this account.',
    ],
    [
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region US-EAST-1: bart@example.net',
      'refused-us',
      '554 5.7.1 Email address is not verified. The following identities failed the check in region US-EAST-1: bart@example.net',
    ],
    ['MessageRejected', 'Bad content', 'refused-post', '554 5.6.0 Bad content'],
    [
      'InvalidParameterValue',
      "Duplicate header 'Date'.",
      'refused-post',
      "554 5.6.0 Duplicate header 'Date'.",
    ],
    [
      'InvalidParameterValue',
      "Message length is more than 10485760 bytes long: '12078147'.",
      'refused-post',
      "552 5.3.4 Message length is more than 10485760 bytes long: '12078147'.",
    ],
    // Nobody knows whose address it is.
    [
      'InvalidParameterValue',
      'Local address contains dot-dot',
      'refused-post',
      '554 5.6.0 Local address contains dot-dot',
    ],
  ])('%s "%s" is %s', async (code, message, kind, reply) => {
    expect(await fault(api(code, message))).toEqual({ kind, reply });
  });

  it('is about the recipient when it names the address', async () => {
    expect(
      await fault(api('InvalidParameterValue', "Domain contains illegal character: 'example.net'")),
    ).toEqual({
      kind: 'verdicts',
      verdicts: [
        { kind: 'rejected', reply: "501 5.1.3 Domain contains illegal character: 'example.net'", at: 'rcpt' },
      ],
    });
  });

  it('leaves open whether the mail was sent when it is a fault of SES', async () => {
    expect(await fault(api('InternalFailure', 'x', 500))).toEqual({
      kind: 'verdicts',
      verdicts: [{ kind: 'unknown', reply: '451 4.3.0 Amazon SES failed: InternalFailure: x' }],
    });
    expect(await fault(api('ServiceUnavailable', 'x', 503))).toMatchObject({
      verdicts: [{ kind: 'unknown' }],
    });
  });
});

describe('an error of the network', () => {
  it('leaves open whether the mail was sent when it came after it', async () => {
    expect(await fault('break')).toEqual({
      kind: 'verdicts',
      verdicts: [{ kind: 'unknown', reply: expect.stringMatching(/^451 4\.4\.2 /) }],
    });
    // Silence has no code: whoever comes next would wait as long.
    expect(await fault('silence')).toEqual({
      kind: 'verdicts',
      verdicts: [{ kind: 'unknown', reply: expect.stringMatching(/^No answer of Amazon SES: .*200 ms/) }],
    });
  });

  it('is a refusal of us when nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise<void>((resolve) => closed.close(() => resolve()));
    expect(await fault('break', 'bart@example.net', port)).toEqual({
      kind: 'refused-us',
      reply: expect.stringMatching(/^421 4\.4\.1 Amazon SES cannot be reached: /),
    });
  });

  it('is a refusal of us when there are no credentials, or no connection in time', () => {
    const missing = Object.assign(new Error('Could not load credentials'), {
      name: 'CredentialsProviderError',
    });
    expect(faultOf(missing, 'bart@example.net')).toMatchObject({ kind: 'refused-us' });
    const slow = Object.assign(
      new Error(
        '@smithy/node-http-handler - the request socket did not establish a connection with the server within 5000 ms.',
      ),
      { name: 'TimeoutError' },
    );
    expect(faultOf(slow, 'bart@example.net')).toMatchObject({ kind: 'refused-us' });
  });
});
