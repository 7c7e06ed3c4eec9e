import type { Site } from '../config/site.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import type { Metadata } from '../queue/messages.ts';
import type { DeliveryPlan, Voice } from './delivery-plan.ts';

/** What the way of delivery depends on. */
export interface Planned {
  readonly list: MailingList;
  readonly site: Pick<Site, 'mta'>;
  readonly metadata: Metadata;
  /** The post's own number; mail that is no post has none. */
  readonly number: number | undefined;
  readonly voice: Voice;
}

/** Whether this mail leaves with VERP senders when its metadata does not say (mailman-behaviour.md, section 11). */
const verpByRule = ({ list, site, number, voice }: Planned): boolean => {
  if (voice !== 'post') return false;
  if (list.settings.personalize !== 'none') return site.mta.verp_personalized_deliveries;
  const interval = site.mta.verp_delivery_interval;
  if (interval === 0) return false;
  return number !== undefined && number % interval === 0;
};

/** Decides how a mail is delivered, once, when it is made. */
export const planDelivery = (planned: Planned): DeliveryPlan => {
  const { list, metadata, voice } = planned;
  const { personalize, display_name, reply_goes_to_list } = list.settings;
  return {
    personalize: voice === 'post' ? personalize : 'none',
    verp: metadata.verp ?? verpByRule(planned),
    decorate: voice === 'post' && metadata.nodecorate !== true,
    voice,
    ...(voice === 'post' ? { answers_to_author: reply_goes_to_list === 'no_munging' } : {}),
    list: { address: postingAddress(list), name: display_name },
  };
};
