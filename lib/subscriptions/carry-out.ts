import type { MailingList } from '../lists/list.ts';
import { sendConfirmation } from '../notices/confirmation.ts';
import { sendGoodbye } from '../notices/goodbye.ts';
import { sendRequestRejected } from '../notices/request-rejected.ts';
import { sendRequestWaiting } from '../notices/request-waiting.ts';
import { tellSubscriptionChange } from '../notices/subscription-change.ts';
import { sendWelcome } from '../notices/welcome.ts';
import { admit, knowAddress } from './admit.ts';
import { dismiss } from './dismiss.ts';
import type { SubscriptionPorts } from './ports.ts';
import type { SubscriptionRequest } from './request.ts';

/** Somebody is a member before anybody is told so. */
const join = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<void> => {
  const { store } = ports;
  await knowAddress(request, store);
  const member = await admit(request, store);
  if (member === undefined) return;
  await store.members.remove(list.list_id, 'nonmember', request.email);
  if (request.send_welcome ?? list.settings.send_welcome_message) {
    await sendWelcome({ member, cause: request.cause, list }, ports);
  }
  await tellSubscriptionChange(request, list, ports);
};

const leave = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<void> => {
  await dismiss(request, ports.store);
  if (list.settings.send_goodbye_message) await sendGoodbye(request, list, ports);
  await tellSubscriptionChange(request, list, ports);
};

/** Whether a rejection may be mailed: a member may be written to, and an address that somebody has confirmed. */
const mayHear = async (
  { kind, email }: SubscriptionRequest,
  { store }: SubscriptionPorts,
): Promise<boolean> => kind === 'leave' || (await store.addresses.get(email))?.verified_on !== undefined;

/**
 * Does what follows from a request as it was committed. It goes by the request alone, and may be repeated at any point: memberships are known by
 * their ids, and notices by what caused them.
 */
export const carryOut = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<void> => {
  switch (request.state) {
    case 'invited':
    case 'confirming':
      return sendConfirmation(request, list, ports);
    case 'moderating':
      // Confirmed is confirmed, whatever the moderator decides.
      if (request.kind === 'join') await knowAddress(request, ports.store);
      return sendRequestWaiting(request, list, ports);
    case 'done':
      return request.kind === 'join' ? join(request, list, ports) : leave(request, list, ports);
    case 'rejected':
      if (await mayHear(request, ports)) await sendRequestRejected(request, list, ports);
      return;
    case 'discarded':
  }
};
