import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../loopback.ts';

/** One call of a function, as the Runtime API hands it out. */
export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly functionArn: string;
}

/** What one process of a function says through the Runtime API. */
export interface RuntimeListener {
  /** It waits for an invocation; `give` hands it one. */
  readonly waits: (give: (invocation: Invocation) => void) => void;
  readonly responded: (requestId: string, response: string) => void;
  readonly failed: (requestId: string, error: string) => void;
  readonly couldNotStart: (error: string) => void;
}

const version = '2018-06-01';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

/**
 * The Runtime API of Lambda ("Using the Lambda runtime API for custom runtimes" in the developer guide), for all processes of
 * all functions: `AWS_LAMBDA_RUNTIME_API` of each ends with an id of its own, which comes first in the path.
 */
export class RuntimeApi {
  readonly #listeners = new Map<string, RuntimeListener>();
  readonly #server: Server;
  #address = '';

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    // A process that waits for an invocation may wait for days.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  async start(): Promise<void> {
    this.#address = `127.0.0.1:${await listenOnLoopback(this.#server)}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Adds a process; gives its `AWS_LAMBDA_RUNTIME_API`. */
  add(id: string, listener: RuntimeListener): string {
    this.#listeners.set(id, listener);
    return `${this.#address}/${id}`;
  }

  remove(id: string): void {
    this.#listeners.delete(id);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id = '', asked, runtime, noun, requestId = '', verb] = (request.url ?? '').split('/');
    const listener = this.#listeners.get(id);
    if (listener === undefined || asked !== version || runtime !== 'runtime') {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'GET' && noun === 'invocation' && requestId === 'next') {
      listener.waits((invocation) => {
        response
          .writeHead(200, {
            'content-type': 'application/json',
            'lambda-runtime-aws-request-id': invocation.requestId,
            'lambda-runtime-deadline-ms': String(invocation.deadline),
            'lambda-runtime-invoked-function-arn': invocation.functionArn,
          })
          .end(invocation.event);
      });
      return;
    }
    const body = await bodyOf(request);
    response.writeHead(202).end();
    if (noun === 'init') listener.couldNotStart(body);
    else if (verb === 'response') listener.responded(requestId, body);
    else listener.failed(requestId, body);
  }
}
