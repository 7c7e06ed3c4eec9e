import { afterAll, beforeAll } from 'vitest';
import { startSes } from '../../infra/local/emulators/ses/server.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { variables } from '../../lib/config/environment.ts';
import { readSite } from '../../lib/config/site.ts';
import { openSesTransport } from '../../lib/ses/open-transport.ts';
import { readQuota } from '../../lib/ses/read-quota.ts';
import { openSes } from '../../lib/ses/ses-client.ts';
import { type StartedTransport, transportContract } from '../delivery/transport-contract.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import type { Conduct } from '../harness/memory-transport.ts';
import { startRelay } from '../harness/relay.ts';
import { sesControl } from '../harness/ses-stub.ts';
import { pointSdkTo } from './fixtures.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

/** What the stub of SES is told, so that it refuses us. */
const refusals = {
  temporary: { max_24_hour_send: 5, sent_last_24_hours: 5 },
  permanent: { sending: 'suspended' },
} as const;

const overSes = async ({ us }: Conduct): Promise<StartedTransport> => {
  const relay = await startRelay();
  const stub = await startSes({
    domains: [{ domain: 'example.com', mailFrom: 'bounce.example.com' }],
    configurationSet: 'Set',
    topic: { endpoint: 'http://127.0.0.1:9', arn: 'arn:aws:sns:us-east-1:000000000000:Topic' },
    nextHop: { host: '127.0.0.1', port: relay.port },
  });
  const endpoint = `http://127.0.0.1:${stub.port}`;
  await sesControl(`${endpoint}/_ses`).account({ max_send_rate: 1000 });
  pointSdkTo(endpoint);
  const ports = { store: emulators.store, clock: systemClock, site: readSite({}) };
  const transport = openSesTransport(ports, { [variables.sesConfigurationSet]: 'Set' });
  // The quota is read before it is used up, so that it is SES that refuses.
  await readQuota({ ...ports, ses: openSes({ connections: 1, replyMs: 10_000 }).client });
  if (us !== undefined) await sesControl(`${endpoint}/_ses`).account(refusals[us]);
  return {
    deliver: (transaction) => transport.deliver(transaction),
    received: () => relay.received,
    close: async () => {
      await transport.close();
      await stub.close();
      await relay.close();
    },
  };
};

transportContract({
  name: 'ses',
  start: overSes,
  // It says one thing to one call: there are no steps, and the sender and some of the header are its own.
  supports: { recipients: 1, steps: ['us'], ownSender: false, ownBytes: false },
});
