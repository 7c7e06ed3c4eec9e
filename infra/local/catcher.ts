import { join } from 'node:path';
import { z } from 'zod';
import { startCompanion } from './companion.ts';
import type { Relay } from './site-overrides.ts';

const readySchema = z.object({ smtp: z.number(), web: z.number() });

/** A mail catcher: a relay that delivers to nobody and shows what it got on a web page. */
export interface Catcher {
  readonly relay: Relay;
  readonly web: string;
  readonly stop: () => Promise<void>;
}

/** Starts the mail catcher on free ports of the loopback; what it gets lies in a folder of its own. */
export const startCatcher = async (mailDir: string, lost: (problem: string) => void): Promise<Catcher> => {
  const script = join(import.meta.dirname, 'catcher-process.ts');
  const { ready, stop } = await startCompanion(script, readySchema, lost, [mailDir]);
  return {
    relay: { host: '127.0.0.1', port: ready.smtp },
    web: `http://127.0.0.1:${ready.web}/`,
    stop,
  };
};
