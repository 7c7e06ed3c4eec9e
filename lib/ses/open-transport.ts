import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../clock/clock.ts';
import { variables } from '../config/environment.ts';
import type { Site } from '../config/site.ts';
import type { Store } from '../store/store.ts';
import { Pacer } from './pacer.ts';
import { readQuota } from './read-quota.ts';
import { openSes } from './ses-client.ts';
import { SesTransport } from './ses-transport.ts';

/** What opening the way over SES needs of the world. */
export interface OpenPorts {
  readonly store: Pick<Store, 'pace'>;
  readonly clock: Clock;
  readonly site: Pick<Site, 'delivery' | 'ses'>;
}

/** Delivery through Amazon SES with the configuration set that the environment names, as `infra/aws` gives it. */
export const openSesTransport = (
  { store, clock, site }: OpenPorts,
  env: Readonly<Record<string, string | undefined>>,
): SesTransport => {
  const { connections, reply_timeout } = site.delivery;
  const { client, dropIdle } = openSes({ connections, replyMs: reply_timeout * 1000 });
  const pacer = new Pacer(
    {
      store,
      clock,
      site,
      wait: (ms) => wait(ms),
      readQuota: () => readQuota({ ses: client, store, clock }),
    },
    connections,
  );
  const configurationSet = env[variables.sesConfigurationSet] || undefined;
  return new SesTransport({ clock, client, dropIdle, pacer, configurationSet }, { connections });
};
