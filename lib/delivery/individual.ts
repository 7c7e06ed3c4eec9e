import { verpSender } from '../addresses/verp.ts';
import { copiesOf } from './copies/copies.ts';
import {
  type Conditions,
  type DeliveryModule,
  entryAt,
  envelopeRecipient,
  type Freight,
} from './delivery-module.ts';

/**
 * Individual delivery: a transaction and a copy for each recipient, on a few connections at once (mailman-behaviour.md, section 11.2). With VERP
 * each has an envelope sender of its own, where the transport leaves the sender to us.
 */
export const individual = (freight: Freight, { site, limits }: Conditions): DeliveryModule => {
  const { message } = freight;
  const verp = message.plan.verp && limits.ownSender;
  const copyFor = copiesOf(freight);
  return {
    name: 'individual',
    recipients: 1,
    connections: Math.max(1, Math.min(site.delivery.connections, limits.connections)),
    transaction: (batch) => {
      const [index = -1] = batch;
      const entry = entryAt(freight, index);
      return {
        sender: verp ? verpSender(site.mta.verp_format, message.sender, entry.email) : message.sender,
        recipients: [envelopeRecipient(entry, site)],
        message: copyFor(entry),
        plan: message.plan,
        labels: { post: message.id, list: message.listid, member: entry.member },
      };
    },
  };
};
