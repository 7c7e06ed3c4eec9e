import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../loopback.ts';
import { SesAccount } from './account.ts';
import { actions, RefusedError, type SesSetting, type SesWorld } from './actions.ts';
import { control, controlPath } from './control.ts';
import { answerXml, readForm, refusalXml } from './query.ts';

/** A stub of Amazon SES that runs. */
export interface SesStub {
  readonly port: number;
  readonly close: () => Promise<void>;
}

// 10 MB of mail in base64, in a form.
const largestRequest = 32_000_000;

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size <= largestRequest) parts.push(part);
  }
  if (size > largestRequest) {
    throw new RefusedError({ code: 'RequestEntityTooLarge', message: 'Request too large.', status: 413 });
  }
  return Buffer.concat(parts);
};

const answer = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
};

const query = async (request: IncomingMessage, response: ServerResponse, world: SesWorld): Promise<void> => {
  try {
    const parameters = readForm(await bodyOf(request));
    const name = parameters.get('Action') ?? '';
    const action = actions[name];
    if (action === undefined) {
      throw new RefusedError({
        code: 'InvalidAction',
        message: `Could not find operation ${name} for version ${parameters.get('Version')}`,
      });
    }
    const done = await action(parameters, world);
    // The connection stays open, until whoever asked has waited long enough.
    if (world.account.fallSilent()) return;
    answer(response, 200, 'text/xml', answerXml(name, done));
  } catch (error) {
    const refusal =
      error instanceof RefusedError
        ? error.refusal
        : { code: 'InternalFailure', message: String(error), status: 500 };
    answer(response, refusal.status ?? 400, 'text/xml', refusalXml(refusal));
  }
};

/** Starts a stub of Amazon SES on a free port of the loopback: the API at `/`, and what it is told to do at `/_ses/`. */
export const startSes = async (setting: SesSetting): Promise<SesStub> => {
  const world: SesWorld = { setting, account: new SesAccount(() => Date.now()) };
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (!url.startsWith(`${controlPath}/`)) {
      void query(request, response, world);
      return;
    }
    void bodyOf(request)
      .then((body) =>
        control(
          { method, path: url.slice(controlPath.length + 1), body: body.toString() },
          world.account,
          setting.topic,
        ),
      )
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then(({ status, body }) => answer(response, status, 'application/json', JSON.stringify(body)));
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
