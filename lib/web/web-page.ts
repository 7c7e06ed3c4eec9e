import type * as z from 'zod';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionPorts } from '../subscriptions/ports.ts';
import type { Page } from './page.ts';

/** What the web pages need of the world. */
export type WebPorts = SubscriptionPorts & {
  readonly store: Pick<Store, 'held' | 'mails' | 'moved'>;
  readonly site: Pick<Site, 'web'>;
  /** The key by which links are signed. */
  readonly key: () => Promise<Buffer>;
  /** Is told what went wrong where the person who waits is answered all the same. */
  readonly failed: (error: unknown) => void;
};

/** Somebody who came by a link of ours. */
export interface Visit<L> {
  readonly link: L;
  /** The link as it was given. */
  readonly token: string;
  readonly list: MailingList;
  readonly now: Date;
}

/** What a person sent by pressing a button. */
export interface Form {
  /** The value of a field; the empty text when there is none. */
  readonly field: (name: string) => string;
}

/** A kind of page, for links that say one kind of thing. */
export interface WebPage<L> {
  readonly schema: z.ZodType<L>;
  /** Shows what there is, and asks. It changes nothing: programs that look for bad links fetch every one. */
  readonly show: (visit: Visit<L>, ports: WebPorts) => Promise<Page>;
  /** Does what was asked for, and tells what came of it. */
  readonly act: (visit: Visit<L>, form: Form, ports: WebPorts) => Promise<Page>;
  /** The same two for a link that is too old. */
  readonly showExpired: (visit: Visit<L>, ports: WebPorts) => Promise<Page>;
  readonly actExpired: (visit: Visit<L>, ports: WebPorts) => Promise<Page>;
}
