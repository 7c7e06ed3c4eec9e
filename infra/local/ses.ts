import { join } from 'node:path';
import { portSchema, startCompanion } from './companion.ts';
import { controlPath } from './emulators/ses/control.ts';
import type { SesSpec } from './resources/ses.ts';
import type { Relay } from './site-overrides.ts';

/** Where the stub of Amazon SES answers, and where it is told what to do. */
export interface SesPlace {
  readonly endpoint: string;
  readonly control: string;
}

/** The stub of Amazon SES as the stack runs it. */
export interface SesCompanion extends SesPlace {
  readonly stop: () => Promise<void>;
}

/** Starts the stub of Amazon SES in a process of its own. */
export const startSesStub = async (
  { topicArn, ...spec }: SesSpec,
  {
    relay,
    snsEndpoint,
    lost,
  }: { readonly relay: Relay; readonly snsEndpoint: string; readonly lost: (problem: string) => void },
): Promise<SesCompanion> => {
  const setting = { ...spec, topic: { endpoint: snsEndpoint, arn: topicArn }, nextHop: relay };
  const script = join(import.meta.dirname, 'emulators/ses.ts');
  const { ready, stop } = await startCompanion(script, portSchema, lost, [JSON.stringify(setting)]);
  const endpoint = `http://127.0.0.1:${ready.port}`;
  return { endpoint, control: `${endpoint}${controlPath}`, stop };
};
