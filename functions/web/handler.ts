import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { answer, responseOf, unavailable, type WebRequest, type WebResponse } from '../../lib/web/answer.ts';
import { noticeLinks } from '../../lib/web/notice-links.ts';
import { openLinkKey } from '../../lib/web/open-links.ts';
import { openPorts } from '../ports.ts';

const ports = openPorts();
const key = openLinkKey(ports);

const requestOf = ({
  requestContext,
  rawPath,
  headers,
  body = '',
  isBase64Encoded,
}: LambdaFunctionURLEvent): WebRequest => ({
  method: requestContext.http.method,
  path: rawPath,
  contentType: headers['content-type'] ?? '',
  body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
});

/**
 * What mails of ours link to. This function cannot be given its own URL, which is made of it; but whoever asks came by it, and Lambda, not the asker, says so
 * (docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).
 */
const urlFor = ({ requestContext }: LambdaFunctionURLEvent): string =>
  ports.webUrl ?? `https://${requestContext.domainName}`;

const answerTo = async (event: LambdaFunctionURLEvent, request: WebRequest): Promise<WebResponse> => {
  const failed = (error: unknown): void => {
    const { requestId } = event.requestContext;
    console.error(
      JSON.stringify({
        web: 'failed',
        request: requestId,
        error: String(error),
        stack: error instanceof Error ? error.stack : undefined,
      }),
    );
  };
  try {
    const links = noticeLinks({ url: urlFor(event), key, clock: ports.clock });
    return await answer(request, { ...ports, key, failed, links });
  } catch (error) {
    failed(error);
    return responseOf(unavailable, request);
  }
};

/** Shows the web pages behind the links in our mails, and does what is asked for there. */
export const handler = async (event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> => {
  const request = requestOf(event);
  const { status, headers, body, route } = await answerTo(event, request);
  // What was asked for, and never by whom: a token in a log would be a key in a log.
  if (request.method === 'POST') {
    console.info(JSON.stringify({ web: route, request: event.requestContext.requestId, status }));
  }
  return { statusCode: status, headers: { ...headers }, body };
};
