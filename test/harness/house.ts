import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteDifferences } from '../../infra/aws/site-environment.ts';
import { mergeOverrides } from '../../infra/aws/site-file.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';
import { region } from '../../infra/local/names.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { type Script, startRelay, type TestRelay } from './relay.ts';
import { selfSigned } from './self-signed.ts';
import { type Stack, startStack } from './stack.ts';

/** A stack with some site settings, the relay that it delivers to, and a directory to run commands in. */
export interface House {
  readonly stack: Stack;
  readonly relay: TestRelay;
  readonly directory: string;
  /** Changes what the relay says; that it asks for a login stays. */
  readonly relaySays: (script: Script) => void;
  readonly close: () => Promise<void>;
}

/** Who may log in at the relay of a site that names `mta.smtp_credentials`. */
const login = { user: 'belfry', password: 'ding dong' };

/** What stands in for Secrets Manager: each name is that of the login. */
const startSecrets = async (): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Name: 'relay', SecretString: JSON.stringify(login) }));
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

const demanded = (config: SiteOverrides): Script =>
  config.mta?.smtp_credentials === undefined
    ? {}
    : {
        auth: (_, user, password) =>
          user === login.user && password === login.password ? '235 2.7.0 Welcome' : '535 5.7.8 Who are you?',
      };

/** What a stack tells the command line, in a directory of its own. */
const describeStack = (stack: Stack, relay: TestRelay): string => {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-docs-'));
  mkdirSync(join(directory, '.belfry'));
  const content = {
    pid: process.pid,
    region,
    endpoints: stack.endpoints,
    lmtp: `127.0.0.1:${stack.lmtpPort}`,
    relay: `smtp://127.0.0.1:${relay.port}`,
    catcher: null,
    ...stack.made,
    site: siteDifferences(stack.site),
  };
  writeFileSync(join(directory, '.belfry/local.json'), JSON.stringify(content));
  return directory;
};

/** What decides how a site looks on AWS. Everything else is laid over the template at the start, which saves a synthesis for each site. */
const inTemplate = ({ delivery, ses }: SiteOverrides): SiteOverrides =>
  delivery?.transport === 'ses'
    ? { delivery: { transport: 'ses' }, ...(ses === undefined ? {} : { ses }) }
    : {};

/**
 * Starts a stack with some site settings, and a relay of the kind that they speak of; its certificate vouches for itself. Settings on which the
 * template depends, such as times of functions, are given apart, since they cost a synthesis.
 */
export const openHouse = async (
  config: SiteOverrides = {},
  synthesized: SiteOverrides = {},
): Promise<House> => {
  const mode = config.mta?.smtp_secure_mode ?? 'smtp';
  const always = demanded(config);
  const tls = mode === 'smtp' ? undefined : { ...selfSigned('127.0.0.1'), fromTheStart: mode === 'smtps' };
  const [relay, secrets] = await Promise.all([startRelay(always, tls), startSecrets()]);
  const stack = await startStack({
    config: mergeOverrides(inTemplate(config), synthesized),
    lateConfig: config,
    relay: { host: '127.0.0.1', port: relay.port },
    functionEnv: { AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${secrets.port}` },
  });
  const directory = describeStack(stack, relay);
  return {
    stack,
    relay,
    directory,
    relaySays: (script) => relay.says({ ...always, ...script }),
    close: async () => {
      await stack.stop();
      await Promise.all([relay.close(), secrets.close()]);
      rmSync(directory, { recursive: true });
    },
  };
};
