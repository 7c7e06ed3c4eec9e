import { SESClient } from '@aws-sdk/client-ses';
import { readQuota } from '../../lib/ses/read-quota.ts';
import { openPorts } from '../ports.ts';

const { store, clock } = openPorts();
const ses = new SESClient({});

/** Reads each minute what Amazon SES lets the account send, for everybody who sends (design, section 5). */
export const handler = async (): Promise<void> => {
  await readQuota({ ses, store, clock });
};
