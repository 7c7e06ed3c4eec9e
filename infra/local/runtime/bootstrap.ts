import { Agent, type IncomingMessage, request } from 'node:http';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The local stand-in for the bootstrap of Lambda's Node runtime: it loads the bundle and asks the Runtime API for one
// invocation after the other ("Using the Lambda runtime API for custom runtimes" in the AWS Lambda developer guide).
// It is started as `node bootstrap.mjs NAME`, so that the name of the function stands in its command line.

type Handler = (event: unknown, context: object) => unknown;

interface Reply {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true });

const call = (method: string, path: string, body?: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asked = request(`${base}${path}`, { method, agent, headers }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.on('error', reject);
      reply.on('end', () => resolve({ headers: reply.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

const described = (error: unknown): string =>
  JSON.stringify(
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split('\n') ?? [] }
      : { errorType: typeof error, errorMessage: String(error), stackTrace: [] },
  );

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

const load = async (): Promise<Handler> => {
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split('.');
  const url = pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '.', `${file}.mjs`)).href;
  const bundle: Readonly<Record<string, unknown>> = await import(url);
  const handler = bundle[name];
  if (!isHandler(handler)) throw new Error(`${url} exports no function ${name}`);
  return handler;
};

const context = (headers: Reply['headers']): object => {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
};

const serve = async (handler: Handler): Promise<never> => {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    const invocation = `/invocation/${headers['lambda-runtime-aws-request-id']}`;
    let answer: readonly [string, string];
    try {
      const result = await handler(JSON.parse(body), context(headers));
      answer = ['response', result === undefined ? 'null' : JSON.stringify(result)];
    } catch (error) {
      console.error(error);
      answer = ['error', described(error)];
    }
    await call('POST', `${invocation}/${answer[0]}`, answer[1]);
  }
};

// Ctrl-C reaches the whole process group; it is the stack that ends its functions, in order.
process.on('SIGINT', () => {});

try {
  const handler = await load();
  flushCompileCache();
  // The Runtime API ends with the stack; then a function has nothing left to live for.
  await serve(handler).catch(() => process.exit(0));
} catch (error) {
  console.error(error);
  await call('POST', '/init/error', described(error)).catch(() => undefined);
  process.exit(1);
}
