import { Resolver } from 'node:dns/promises';
import path from 'node:path';
import * as z from 'zod';
import { outputs, stackName } from '../../infra/aws/names.ts';
import { cdkContext, checkout, readSiteFiles } from '../../infra/aws/site-file.ts';
import { runningStack } from '../../infra/local/local-file.ts';
import type { Connection } from '../connection/connection.ts';
import type { FindStack } from './deployment.ts';
import type { DoctorContext, Service } from './doctor-checks.ts';
import type { GatewayAddress } from './gateway.ts';
import type { RelayLogin } from './relay.ts';
import type { SendingQuota } from './sending-quota.ts';

const lmtpPort = 24;
const patienceMs = 5_000;

const findStack: FindStack = async (name) => {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({});
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const [found] = Stacks;
    return found === undefined
      ? undefined
      : {
          status: found.StackStatus ?? '',
          outputs: new Map(
            (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
          ),
        };
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
};

const loginSchema = z.object({ user: z.string(), password: z.string() });

const readLogin = async (secret: string): Promise<RelayLogin> => {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    const read = loginSchema.safeParse(JSON.parse(SecretString));
    // The reason must not hold what was read.
    if (!read.success) throw new Error('it holds no user and password');
    return read.data;
  } catch (error) {
    throw error instanceof SyntaxError ? new Error('it is no JSON') : error;
  } finally {
    client.destroy();
  }
};

const sendingQuota = async (): Promise<SendingQuota> => {
  const { GetSendQuotaCommand, SESClient } = await import('@aws-sdk/client-ses');
  const client = new SESClient({});
  try {
    const {
      Max24HourSend = 0,
      MaxSendRate = 0,
      SentLast24Hours = 0,
    } = await client.send(new GetSendQuotaCommand({}));
    return { most: Max24HourSend, rate: MaxSendRate, sent: SentLast24Hours };
  } finally {
    client.destroy();
  }
};

const services = ({ store, blobs, depths }: Connection): readonly Service[] => [
  { name: 'table', ask: () => store.lists.byId('doctor.invalid') },
  { name: 'bucket', ask: async () => (await blobs()).get('transit/doctor') },
  { name: 'queues', ask: depths },
];

const domainsOf = async (connection: Connection): Promise<readonly string[]> => {
  const domains: string[] = [];
  try {
    for await (const { mail_host } of connection.store.domains.ls()) domains.push(mail_host);
  } catch {
    // What keeps the table from answering is told by the check of the table.
  }
  return domains;
};

const localGateway = (): GatewayAddress | undefined => {
  for (const folder of new Set([process.cwd(), checkout])) {
    const lmtp = runningStack(path.join(folder, '.belfry', 'local.json'))?.lmtp;
    if (lmtp === undefined) continue;
    const colon = lmtp.lastIndexOf(':');
    return { host: lmtp.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(lmtp.slice(colon + 1)) };
  }
  return undefined;
};

const awsGateway = async (stack: string): Promise<GatewayAddress | undefined> => {
  try {
    const host = (await findStack(stack))?.outputs.get(outputs.gatewayAddress);
    return host === undefined ? undefined : { host, port: lmtpPort };
  } catch {
    // Whatever keeps the stack from being found is told by the check of the stack.
    return undefined;
  }
};

/** Which Belfry the doctor is called to. */
export interface Patient {
  readonly connect: () => Promise<Connection>;
  readonly local: boolean;
  readonly stack: string | undefined;
}

/**
 * Gathers what the doctor needs. A Belfry in AWS that cannot be connected to, because it is not deployed yet or there are no credentials, is a
 * patient as well: what can be looked at without it is looked at.
 */
export const gatherContext = async ({
  connect,
  local,
  stack = stackName,
}: Patient): Promise<DoctorContext> => {
  const world = {
    stack,
    resolver: new Resolver({ timeout: patienceMs, tries: 2 }),
    findStack,
    readLogin,
    sendingQuota,
    patienceMs,
  };
  let connection: Connection;
  try {
    connection = await connect();
  } catch (error) {
    if (local) throw error;
    return {
      ...world,
      kind: 'aws',
      site: readSiteFiles(cdkContext().belfry, process.env),
      domains: [],
      services: [{ name: 'table, bucket and queues', ask: () => Promise.reject(error) }],
      gateway: undefined,
    };
  }
  const { kind, site } = connection.place;
  const aws = kind === 'aws';
  return {
    ...world,
    kind,
    site,
    domains: aws ? await domainsOf(connection) : [],
    services: services(connection),
    gateway: aws ? await awsGateway(stack) : localGateway(),
  };
};
