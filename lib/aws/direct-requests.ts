import { hash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { SignatureV4, type SignatureV4CryptoInit, type SignatureV4Init } from '@smithy/signature-v4';

/** What a client of the SDK has found out about itself: the same as for its own requests. */
export interface ClientConfig extends Pick<SignatureV4Init, 'region' | 'credentials'>, SignatureV4CryptoInit {
  /** By how much our clock is wrong, as the SDK has learnt from refusals. */
  readonly systemClockOffset: number;
}

/** What requests of one kind have in common. */
export interface DirectOptions {
  /** The name of the service in signatures. */
  readonly service: 's3' | 'dynamodb' | 'sqs';
  readonly config: ClientConfig;
  /** Where the client would send such a request; asked once. */
  readonly endpoint: () => Promise<{ readonly url: URL }>;
  /** Told why requests take the long way for a while. */
  readonly tell: (problem: string) => void;
  /** For how long after a failure only the SDK is asked, in milliseconds. */
  readonly restMs?: number | undefined;
  /** After how long without a sign of life a request has failed, in milliseconds. */
  readonly patienceMs?: number | undefined;
}

/** One request. */
export interface DirectRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** The path below that of the endpoint, escaped. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The name of an error that says no to this request alone, so that others need not rest for it. */
  readonly refusal?: string;
  /** What is thrown then; without it the SDK is asked, and says so itself. */
  readonly refused?: () => Error;
}

/**
 * Sends a request past the SDK's client: gives the body of a 200. Undefined means that it did not work or that nobody knows
 * whether it did: the caller then asks the SDK, which retries, and says what is wrong (docs/decisions/0023).
 */
export type SendDirectly = (request: DirectRequest) => Promise<Buffer | undefined>;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

// As many sockets as the SDK opens for a client at most.
const pool = { keepAlive: true, maxSockets: 50 };

/** Requests to one endpoint on kept connections, signed with what a client of the SDK has resolved. */
export const directRequests = (options: DirectOptions): SendDirectly => {
  const { service, config, restMs = 10_000, patienceMs = 5_000 } = options;
  const { region, credentials, sha256 } = config;
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256,
    // S3 alone signs a path as it is sent.
    uriEscapePath: service !== 's3',
  });

  const locate = async () => {
    const { url } = await options.endpoint();
    const { hostname, port } = urlToHttpOptions(url);
    const secure = url.protocol === 'https:';
    return {
      host: url.host,
      path: url.pathname.replace(/\/$/, ''),
      target: {
        hostname,
        port,
        agent: secure ? new SecureAgent(pool) : new Agent(pool),
        timeout: patienceMs,
      },
      protocol: url.protocol,
      open: secure ? httpsRequest : httpRequest,
    };
  };
  let located: ReturnType<typeof locate> | undefined;

  /** Undefined: a kept connection was closed by the other side before it saw the request. */
  const exchange = async (asked: DirectRequest): Promise<Answer | undefined> => {
    const { method, path, headers, body } = asked;
    located ??= locate().catch((error: unknown) => {
      located = undefined;
      throw error;
    });
    const endpoint = await located;
    const signed = await signer.sign(
      {
        method,
        protocol: endpoint.protocol,
        hostname: endpoint.host,
        path: endpoint.path + path,
        headers: {
          ...headers,
          host: endpoint.host,
          'content-length': String(body.length),
          'x-amz-content-sha256': hash('sha256', body),
        },
      },
      { signingDate: new Date(Date.now() + config.systemClockOffset) },
    );
    return new Promise((resolve, reject) => {
      const request = endpoint.open(
        { ...endpoint.target, method, path: signed.path, headers: signed.headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
          );
        },
      );
      request.on('error', (error) => (request.reusedSocket ? resolve(undefined) : reject(error)));
      request.on('timeout', () => {
        reject(new Error(`no sign of life for ${patienceMs} ms`));
        request.destroy();
      });
      request.end(body);
    });
  };

  let restUntil = 0;
  const rest = (problem: string): void => {
    // Of the requests that fail at the same time the first one tells.
    if (performance.now() >= restUntil) options.tell(`${service}: ${problem}`);
    restUntil = performance.now() + restMs;
  };

  return async (request) => {
    if (performance.now() < restUntil) return undefined;
    let isRefused = false;
    try {
      const answer = await exchange(request);
      if (answer?.status === 200) return answer.body;
      const said = answer?.body.toString('utf8', 0, 500) ?? '';
      isRefused = request.refusal !== undefined && said.includes(request.refusal);
      if (answer !== undefined && !isRefused) rest(`${answer.status} ${said}`);
    } catch (error) {
      // The SDK is asked next, and decides what this means.
      rest(error instanceof Error ? error.message : String(error));
    }
    if (isRefused && request.refused !== undefined) throw request.refused();
    return undefined;
  };
};
