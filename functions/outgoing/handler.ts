import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { rememberLast } from '../../lib/blobs/remember-last.ts';
import type { Credentials, Relay } from '../../lib/delivery/smtp-connection.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';

const ports = openPorts();
// The chunks of one post often come one after the other, and its bytes are the same for all of them.
const blobs = rememberLast(ports.blobs);
const secretSchema = z.object({ user: z.string(), password: z.string() });

let credentials: Promise<Credentials | undefined> | undefined;

const readCredentials = async (): Promise<Credentials | undefined> => {
  const { smtp_credentials: name } = ports.site.mta;
  if (name === '') return undefined;
  const secret = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: name }));
  return secretSchema.parse(JSON.parse(secret.SecretString ?? ''));
};

const relay = async (): Promise<Relay> => {
  credentials ??= readCredentials();
  return { mta: ports.site.mta, delivery: ports.site.delivery, credentials: await credentials };
};

const transport = new SmtpTransport(relay, ports.site.mta);

/** Delivers chunks from `out` and `retry` to the relay. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type !== 'chunk')
        throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
      await runOutgoing(message, {
        ...ports,
        blobs,
        transport,
        owner: randomBytes(4).toString('hex'),
        deadline: new Date(Date.now() + context.getRemainingTimeInMillis()),
      });
    },
    ports,
  );
