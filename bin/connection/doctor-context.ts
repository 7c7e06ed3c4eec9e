import { Resolver } from 'node:dns/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetAccountSendingEnabledCommand,
  GetIdentityDkimAttributesCommand,
  GetIdentityMailFromDomainAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
} from '@aws-sdk/client-ses';
import * as z from 'zod';
import { stackName } from '../../infra/aws/names.ts';
import type { DoctorContext, Service } from '../doctor/doctor-checks.ts';
import type { RelayLogin } from '../doctor/relay.ts';
import type { SendingQuota } from '../doctor/sending-quota.ts';
import type { SesIdentity } from '../doctor/ses.ts';
import { findStack, placeOfStack, siteOfCheckout } from './aws-place.ts';
import { clientConfig, connectTo, findHere, type Wanted } from './connect.ts';
import type { Connection, Place } from './connection.ts';

// Enough for a slow answer from the other side of the world, and short enough to be waited for.
const patienceMs = 5_000;

const loginSchema = z.object({ user: z.string(), password: z.string() });

const readLogin = async (secret: string): Promise<RelayLogin> => {
  const client = new SecretsManagerClient({});
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
  return loginSchema.parse(JSON.parse(SecretString));
};

const sendingQuota = async (client: SESClient): Promise<SendingQuota> => {
  const quota = await client.send(new GetSendQuotaCommand({}));
  return {
    most: quota.Max24HourSend ?? 0,
    sent: quota.SentLast24Hours ?? 0,
    rate: quota.MaxSendRate ?? 0,
  };
};

const identityOf = async (client: SESClient, domain: string): Promise<SesIdentity> => {
  const Identities = [domain];
  const [{ VerificationAttributes }, { DkimAttributes }, { MailFromDomainAttributes }] = await Promise.all([
    client.send(new GetIdentityVerificationAttributesCommand({ Identities })),
    client.send(new GetIdentityDkimAttributesCommand({ Identities })),
    client.send(new GetIdentityMailFromDomainAttributesCommand({ Identities })),
  ]);
  return {
    verification: VerificationAttributes?.[domain]?.VerificationStatus,
    dkim: DkimAttributes?.[domain]?.DkimVerificationStatus,
    dkimTokens: DkimAttributes?.[domain]?.DkimTokens ?? [],
    mailFrom: MailFromDomainAttributes?.[domain]?.MailFromDomain,
    mailFromStatus: MailFromDomainAttributes?.[domain]?.MailFromDomainStatus,
  };
};

/** The stack in AWS; undefined when it cannot be found, which its own check then tells in words. */
const findDeployed = async (stack: string): Promise<Place | undefined> => {
  try {
    const found = await findStack(stack);
    return found === undefined ? undefined : placeOfStack(stack, found);
  } catch {
    return undefined;
  }
};

// Each is asked for something that is cheap and need not be there.
const servicesOf = ({ store, blobs, depths }: Connection): readonly Service[] => [
  { name: 'table', ask: () => store.lists.byId('doctor') },
  { name: 'bucket', ask: async () => (await blobs()).get('doctor') },
  { name: 'queues', ask: depths },
];

const domainsOf = async ({ store }: Connection): Promise<readonly string[]> => {
  const domains: string[] = [];
  try {
    for await (const { mail_host } of store.domains.ls()) domains.push(mail_host);
  } catch {
    // That the table does not answer is what the check of the table tells.
  }
  return domains;
};

/** What the doctor looks at here: the local stack, or AWS, whether anything is deployed there or not. */
export const doctorContext = async (
  wanted: Wanted,
): Promise<{ readonly context: DoctorContext; readonly close: () => void }> => {
  const stack = wanted.stack ?? stackName;
  const here = findHere(wanted);
  const place = here ?? (await findDeployed(stack));
  const connection = place === undefined ? undefined : connectTo(place);
  let opened: SESClient | undefined;
  const ses = (): SESClient => {
    opened ??= new SESClient(place === undefined ? {} : clientConfig(place, 'ses'));
    return opened;
  };
  return {
    context: {
      kind: here === undefined ? 'aws' : 'local',
      site: place?.site ?? siteOfCheckout(),
      stack,
      domains: connection === undefined ? [] : await domainsOf(connection),
      services: connection === undefined ? [] : servicesOf(connection),
      gateway: place?.gateway,
      resolver: new Resolver({ timeout: patienceMs }),
      findStack,
      readLogin,
      sendingQuota: () => sendingQuota(ses()),
      ses: {
        sendingEnabled: async () =>
          (await ses().send(new GetAccountSendingEnabledCommand({}))).Enabled === true,
        identity: (domain) => identityOf(ses(), domain),
      },
      patienceMs,
    },
    close: () => {
      opened?.destroy();
      connection?.close();
    },
  };
};
