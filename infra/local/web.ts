import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { functionUrlEvent } from './events/function-url-event.ts';
import { functionUrlResponse } from './events/function-url-response.ts';
import type { InvokeOutcome } from './runtime/function-pool.ts';
import { StartError } from './start-error.ts';

type Invoke = (event: string) => Promise<InvokeOutcome>;

/** Lambda takes no larger request (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const largest = 6 * 1024 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largest) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** Where people reach the web pages: a server that hands each request to the function as a function URL does. */
export class WebServer {
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  #invoke: Invoke | undefined;
  #address = '';

  /** Where it listens, as host:port. */
  get address(): string {
    return this.#address;
  }

  /** Listens at host:port; port 0 is any free one. Its URL stands in mails, so that it is known before the functions start. */
  async listen(address: string): Promise<void> {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon);
    const listening = once(this.#server, 'listening');
    this.#server.listen(Number(address.slice(colon + 1)), host.replace(/^\[|\]$/g, ''));
    try {
      await listening;
    } catch (error) {
      throw new StartError(
        `Belfry cannot listen on ${address}: ${error instanceof Error ? error.message : error}`,
      );
    }
    const bound: AddressInfo | string | null = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error(`A server on ${address} has no port`);
    this.#address = `${host}:${bound.port}`;
  }

  /** Begins to serve. */
  serve(invoke: Invoke): void {
    this.#invoke = invoke;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === undefined) {
      response.writeHead(413).end();
      return;
    }
    const outcome = await this.#invoke?.(JSON.stringify(functionUrlEvent(request, body, this.#address)));
    const { status, headers, body: content } = functionUrlResponse(outcome);
    response.writeHead(status, headers).end(content);
  }
}
