import http from 'node:http';
import https from 'node:https';
import { SESClient } from '@aws-sdk/client-ses';
import { spare } from '../aws/frugal.ts';

// A connection within AWS takes milliseconds.
const connectMs = 5000;

/** The client of Amazon SES, and what keeps its connections fresh. */
export interface OpenedSes {
  readonly client: SESClient;
  /** Closes connections that nobody uses: a function that was frozen finds them dead, and could not tell whether its mail was sent. */
  readonly dropIdle: () => void;
}

const dropFree = (agent: http.Agent): void => {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
};

/**
 * Opens Amazon SES in the region of the function. The SDK repeats nothing: SendRawEmail has no token by which SES would know a repetition, so that
 * a mail whose answer was lost would be sent twice.
 */
export const openSes = ({
  connections,
  replyMs,
}: {
  readonly connections: number;
  readonly replyMs: number;
}): OpenedSes => {
  const options = { keepAlive: true, maxSockets: connections };
  const httpAgent = new http.Agent(options);
  const httpsAgent = new https.Agent(options);
  const client = new SESClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: replyMs,
      throwOnRequestTimeout: true,
      httpAgent,
      httpsAgent,
    },
  });
  return {
    client: spare(client),
    dropIdle: () => {
      dropFree(httpAgent);
      dropFree(httpsAgent);
    },
  };
};
