import { join } from 'node:path';
import type { Assembly } from '../../infra/local/assembly.ts';
import { awsEnvironment } from '../../infra/local/aws-environment.ts';
import { openClients } from '../../infra/local/clients.ts';
import { startEmulators } from '../../infra/local/emulators/start.ts';
import { Gateway } from '../../infra/local/gateway.ts';
import { makeBuckets } from '../../infra/local/resources/buckets.ts';
import { gatewayEnvironment } from '../../infra/local/resources/gateway-task.ts';
import { nameResources } from '../../infra/local/resources/names.ts';
import { madeBy } from '../../infra/local/resources/outputs.ts';
import { makeQueues, queuesOf } from '../../infra/local/resources/queues.ts';
import { makeTables } from '../../infra/local/resources/tables.ts';
import { FunctionLog } from '../../infra/local/runtime/function-log.ts';
import { withSite } from '../../infra/local/site-overrides.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';

/** The gateway and the emulators, and nobody who takes anything from the queues. */
export interface DoorAlone {
  readonly port: number;
  readonly gatewayPid: number;
  readonly store: Store;
  readonly stop: () => Promise<void>;
}

/** Starts the gateway's bundle before the emulators, with the queues, table and bucket of the template. */
export const startDoorAlone = async (assembly: Assembly, workDir: string): Promise<DoorAlone> => {
  const trouble = (problem: string): void => console.error(`! ${problem}`);
  const emulators = await startEmulators(trouble);
  const clients = openClients(emulators.endpoints);
  const template = readTemplate(assembly.templateDir);
  const names = nameResources(template, emulators.endpoints.sqs);
  await Promise.all([
    makeQueues(clients.sqs, queuesOf(template, names)),
    makeTables(clients.dynamo, template, names),
    makeBuckets(clients.s3, template, names),
  ]);
  const log = new FunctionLog(join(workDir, 'log'), 'lmtp-gateway', trouble);
  const gateway = new Gateway({
    bundleDir: assembly.gatewayDir,
    environment: withSite(
      { ...awsEnvironment(emulators.endpoints), ...gatewayEnvironment(template, names) },
      { gateway: { health_port: 0 } },
    ),
    address: '127.0.0.1:0',
    log,
  });
  await gateway.start();
  return {
    port: Number(gateway.address.split(':').at(-1)),
    gatewayPid: gateway.pid ?? 0,
    store: openStore(clients.dynamo, madeBy(template, names).table),
    stop: async () => {
      await gateway.stop();
      for (const client of Object.values(clients)) client.destroy();
      await emulators.stop();
      await log.close();
    },
  };
};
