import { probeSender } from '../addresses/probe.ts';
import type { Voice } from '../delivery/delivery-plan.ts';
import { planDelivery } from '../delivery/plan-delivery.ts';
import { listAddress } from '../lists/list.ts';
import type { Handler, HandlerContext } from './handler.ts';

const voiceOf = ({ fasttrack, metadata }: HandlerContext): Voice => {
  if (fasttrack) return 'notice';
  return metadata.to_owner === true ? 'owner' : 'post';
};

/**
 * The mail is made: it goes out with the -bounces address of the list as its envelope sender, in the way that is decided here and
 * never again (mailman-behaviour.md, section 11).
 */
export const toOutgoing: Handler = {
  name: 'to-outgoing',
  process: (context) => {
    const { list, site, metadata, record } = context;
    const plan = planDelivery({
      list,
      site,
      metadata,
      number: record.post_number,
      voice: voiceOf(context),
    });
    const bounces = listAddress(list, 'bounces');
    const { probe_token: token } = metadata;
    const sender =
      typeof token === 'string' ? probeSender(site.mta.verp_probe_format, bounces, token) : bounces;
    return [{ kind: 'send-out', sender, plan }];
  },
};
