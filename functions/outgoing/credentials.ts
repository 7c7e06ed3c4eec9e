import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Credentials } from '../../lib/delivery/smtp-connection.ts';

const secretSchema = z.object({ user: z.string(), password: z.string() });

/** For how long a password is used before it is read again: a rotated one is known after that in every warm function. */
const rememberMs = 300_000;

const parse = (text: string): Credentials => {
  try {
    return secretSchema.parse(JSON.parse(text));
  } catch {
    // The cause would quote the secret, and errors reach logs.
    throw new Error('The secret of the relay is not of the form {"user": ..., "password": ...}');
  }
};

/** Reads the login of the relay from Secrets Manager, and remembers it for some minutes; a failure is not remembered. */
export const credentialsFrom = (secretName: string): (() => Promise<Credentials | undefined>) => {
  let kept: { readonly until: number; readonly credentials: Credentials } | undefined;
  return async () => {
    if (secretName === '') return undefined;
    if (kept !== undefined && Date.now() < kept.until) return kept.credentials;
    const answer = await new SecretsManagerClient({}).send(
      new GetSecretValueCommand({ SecretId: secretName }),
    );
    const credentials = parse(answer.SecretString ?? '');
    kept = { until: Date.now() + rememberMs, credentials };
    return credentials;
  };
};
