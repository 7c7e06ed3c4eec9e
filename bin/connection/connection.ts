import type { Blobs } from '../../lib/blobs/blobs.ts';
import type { Clock } from '../../lib/clock/clock.ts';
import type { Site } from '../../lib/config/site.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import type { Queues } from '../../lib/queue/queue.ts';
import type { SendBody } from '../../lib/queue/send-body.ts';
import type { Store } from '../../lib/store/store.ts';

/** Where a Belfry is and what it is made of: the names that a stack's outputs or `.belfry/local.json` tell. */
export interface Place {
  readonly kind: 'local' | 'aws';
  readonly table: string;
  readonly bucket: string;
  readonly queueUrls: Readonly<Partial<Record<QueueName, string>>>;
  readonly site: Site;
  /** The region and, on the local stack, the endpoints; what is absent is AWS's own. */
  readonly region: string | undefined;
  readonly endpoints: Readonly<Partial<Record<'sqs' | 's3' | 'dynamodb' | 'ses', string>>>;
  /** Where the gateway listens; undefined when that is not told. */
  readonly gateway: { readonly host: string; readonly port: number } | undefined;
}

/** How many messages a queue has. */
export interface QueueDepth {
  readonly name: QueueName;
  /** To be received now. */
  readonly waiting: number;
  /** Received, and not done yet. */
  readonly under_way: number;
  /** To be received later. */
  readonly delayed: number;
}

/** A connection to a Belfry. Clients are made when they are first needed, since loading each of them takes its time. */
export interface Connection {
  readonly place: Place;
  readonly clock: Clock;
  readonly store: Store;
  readonly blobs: () => Promise<Blobs>;
  readonly queues: () => Promise<Queues>;
  readonly sendBody: () => Promise<SendBody>;
  readonly depths: () => Promise<readonly QueueDepth[]>;
  readonly close: () => void;
}
