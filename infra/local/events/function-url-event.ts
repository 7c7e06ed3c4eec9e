import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { account } from '../names.ts';

// Lambda hands over the body of a form, as of everything that is not text to it, in base64.
const isText = (type: string): boolean => /^text\/|^application\/(json|javascript|xml)\b/.test(type);

/** The event that Lambda makes of a request to a function URL, with payload format 2.0 (docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html). */
export const functionUrlEvent = (request: IncomingMessage, body: Buffer, domainName: string): object => {
  const { method = 'GET', url = '/', headers } = request;
  const [rawPath = '/', rawQueryString = ''] = url.split(/\?(.*)/s);
  const plain = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: plain,
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName,
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
};
