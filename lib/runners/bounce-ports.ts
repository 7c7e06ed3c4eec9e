import type { Blobs } from '../blobs/blobs.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { ProbePorts } from '../notices/probe.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** What the bounce runner needs of the world. */
export type BouncePorts = ProbePorts & {
  readonly store: Pick<Store, 'bounces' | 'limits' | 'lists' | 'mails' | 'members' | 'posts'>;
  readonly blobs: Pick<Blobs, 'get' | 'put'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Site;
  readonly log: Pick<MailLog, 'bounced'>;
};
