import { sharedCopy } from './copies/copies.ts';
import {
  type Conditions,
  type DeliveryModule,
  entryAt,
  envelopeRecipient,
  type Freight,
} from './delivery-module.ts';

/**
 * Bulk delivery: everybody gets the same copy, as many as the relay takes in one transaction, one transaction after the other
 * (mailman-behaviour.md, section 11.1).
 */
export const bulk = (freight: Freight, { site, limits }: Conditions): DeliveryModule => {
  const { message } = freight;
  const copy = sharedCopy(freight);
  return {
    name: 'bulk',
    recipients: Math.min(site.mta.max_recipients, limits.recipients),
    connections: 1,
    transaction: (batch) => ({
      sender: message.sender,
      recipients: batch.map((index) => envelopeRecipient(entryAt(freight, index), site)),
      message: copy,
      plan: message.plan,
      labels: { post: message.id, list: message.listid },
    }),
  };
};
