import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** What Lambda would bill, but for the distance of AWS's services. */
export interface LambdaUsed {
  readonly invocations: number;
  /** From the moment that an invocation is handed out to the moment that its answer comes. */
  readonly milliseconds: number;
}

/** Watches the Runtime API, which lives in this process, from outside: its own code knows nothing of it. */
export interface LambdaMeter {
  /** What was used since it was asked last. */
  readonly read: () => LambdaUsed;
  readonly stop: () => void;
}

// Each process of a function has an id of its own, with which its paths begin, and runs one invocation at a time.
const path = /^(\/[^/]+)\/[^/]+\/runtime\/invocation\/(?:(next)|[^/]+\/(?:response|error))$/;

const readPath = (message: unknown): { readonly process: string; readonly isNext: boolean } | undefined => {
  if (typeof message !== 'object' || message === null || !('request' in message)) return undefined;
  const { request } = message;
  const [, process, next] = path.exec(request instanceof IncomingMessage ? (request.url ?? '') : '') ?? [];
  return process === undefined ? undefined : { process, isNext: next !== undefined };
};

/** Starts watching. */
export const startLambdaMeter = (): LambdaMeter => {
  const running = new Map<string, number>();
  let used = { invocations: 0, milliseconds: 0 };

  const handedOut = (message: unknown): void => {
    const found = readPath(message);
    if (found?.isNext === true) running.set(found.process, performance.now());
  };
  const came = (message: unknown): void => {
    const found = readPath(message);
    if (found === undefined || found.isNext) return;
    const since = running.get(found.process);
    if (since === undefined) return;
    running.delete(found.process);
    // Lambda bills whole milliseconds (https://aws.amazon.com/lambda/pricing/).
    used = {
      invocations: used.invocations + 1,
      milliseconds: used.milliseconds + Math.ceil(performance.now() - since),
    };
  };
  subscribe('http.server.response.finish', handedOut);
  subscribe('http.server.request.start', came);
  return {
    read: () => {
      const read = used;
      used = { invocations: 0, milliseconds: 0 };
      return read;
    },
    stop: () => {
      unsubscribe('http.server.response.finish', handedOut);
      unsubscribe('http.server.request.start', came);
    },
  };
};
