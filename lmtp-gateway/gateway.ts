import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { Blobs } from '../lib/blobs/blobs.ts';
import type { Clock } from '../lib/clock/clock.ts';
import type { Site } from '../lib/config/site.ts';
import type { MailLog } from '../lib/maillog/mail-log.ts';
import type { Queues } from '../lib/queue/queue.ts';
import type { Store } from '../lib/store/store.ts';
import { openDoor } from './door.ts';
import { existsCache } from './exists-cache.ts';
import { answerHealth } from './health.ts';
import { type Certificate, LmtpServer } from './lmtp-server.ts';
import { MemoryBudget } from './memory-budget.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly site: Site;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly maillog: MailLog;
  /** Where LMTP is spoken; port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly version: string;
  /** With it STARTTLS is offered. */
  readonly certificate?: Certificate | undefined;
  /** Told of each fault of ours, with its place; never of what a client does wrong. */
  readonly problem: (where: string, error: unknown) => void;
}

/** A gateway that runs. */
export interface Gateway {
  readonly lmtp: AddressInfo;
  readonly health: AddressInfo;
  /** Shuts down; a mail that is being received may end within the grace. */
  readonly stop: (graceSeconds: number) => Promise<void>;
}

/** Starts the gateway. */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { gateway, mta, mailman, retention } = options.site;
  const tlsRequired = gateway.exposure === 'internet';
  if (tlsRequired && options.certificate === undefined) {
    throw new Error('gateway.exposure is internet, which demands a certificate: set gateway.tls_secret');
  }
  if (gateway.memory_limit < gateway.spool_threshold) {
    throw new Error(
      'gateway.memory_limit is less than gateway.spool_threshold, so that no mail could be received',
    );
  }
  const door = openDoor({
    ...options,
    siteOwner: mailman.site_owner,
    remember: retention.arrivals,
    lookups: existsCache(
      { resolve: options.store.domains.resolve, find: options.store.lists.find },
      gateway.exists_cache,
      options.clock,
    ),
    delimiter: mta.verp_delimiter,
    refuseUnknownAt: gateway.refuse_unknown_at,
    limits: {
      sizeLimit: gateway.size_limit,
      spoolThreshold: gateway.spool_threshold,
      spoolFolder: tmpdir(),
    },
    budget: new MemoryBudget(gateway.memory_limit),
  });
  const server = new LmtpServer({
    door,
    limits: {
      sizeLimit: gateway.size_limit,
      maxRecipients: gateway.max_recipients,
      maxSessions: gateway.max_sessions,
      tlsRequired,
    },
    hostname: gateway.hostname,
    version: options.version,
    idleSeconds: gateway.idle_timeout,
    certificate: options.certificate,
    problem: options.problem,
  });
  let closing = false;
  const lmtp = await server.start(options.listen.host, options.listen.port);
  const health = await answerHealth(options.listen.host, gateway.health_port, () => closing);
  return {
    lmtp,
    health: health.address,
    stop: async (graceSeconds) => {
      closing = true;
      await server.stop(graceSeconds);
      await health.close();
    },
  };
};
