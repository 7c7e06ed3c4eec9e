import { once } from 'node:events';
import { createServer } from 'node:net';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { overridesIn, type Relay } from './site-overrides.ts';
import { StartError } from './start-error.ts';

/** What the person who starts the local stack asks for by environment variables (design, section 7). */
export interface Wishes {
  readonly lmtp: Relay;
  /** Where the web pages listen. */
  readonly web: Relay;
  /** Undefined: the mail catcher. */
  readonly relay: Relay | undefined;
  readonly demo: boolean;
  readonly config: SiteOverrides;
}

/** Where the parts listen unless told otherwise. */
const standard = { lmtp: '127.0.0.1:8024', web: '127.0.0.1:8002' } as const;

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

const readPlace = (variable: string, value: string, example: string): Relay => {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(value) ?? [];
  if (host === '' || Number(port) > 65_535) {
    throw new StartError(`${variable} must be host:port, such as ${example}, not "${value}"`);
  }
  // Nothing of the local stack asks who you are, so nothing of it may be reached from outside.
  if (!loopback.test(host)) {
    throw new StartError(`${variable}: the local stack listens on the loopback only, not on "${host}"`);
  }
  return { host, port: Number(port) };
};

const readRelay = (value: string): Relay => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.protocol !== 'smtp:' || url.hostname === '') {
    throw new StartError(`BELFRY_RELAY must be smtp://host:port, not "${value}"`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 25 : Number(url.port) };
};

/** Reads the environment variables; one that is empty is as if it were not set. */
export const readWishes = (env: Readonly<Record<string, string | undefined>>): Wishes => ({
  lmtp: readPlace('BELFRY_LMTP', env.BELFRY_LMTP || standard.lmtp, standard.lmtp),
  web: readPlace('BELFRY_WEB', env.BELFRY_WEB || standard.web, standard.web),
  relay: env.BELFRY_RELAY ? readRelay(env.BELFRY_RELAY) : undefined,
  demo: env.BELFRY_DEMO !== '0',
  config: env.BELFRY_CONFIG ? overridesIn(env.BELFRY_CONFIG) : {},
});

/** Makes sure that a port can be listened on, before seconds are spent on the rest. */
export const checkFree = async (
  { host, port }: Relay,
  variable: 'BELFRY_LMTP' | 'BELFRY_WEB',
): Promise<void> => {
  const server = createServer();
  const tried = once(server, 'listening');
  server.listen(port, host.replace(/^\[|\]$/g, ''));
  try {
    await tried;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : String(error);
    const why = reason === 'EADDRINUSE' ? 'the port is taken' : reason;
    throw new StartError(
      `Belfry cannot listen on ${host}:${port}: ${why}. ${variable}=127.0.0.1:PORT chooses another one.`,
    );
  }
  server.close();
  await once(server, 'close');
};
