import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import type { MailingList } from '../lists/list.ts';
import { tellAlreadyMember } from '../notices/already-member.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import { readApplicant } from './applicant.ts';
import { beginJoin, type JoinFlags } from './join.ts';
import { beginLeave } from './leave.ts';
import { mayReturn } from './may-return.ts';
import { mayWrite, type UnaskedMail } from './may-write.ts';
import { type Beginning, memberIdFor, newRequest } from './new-request.ts';
import type { SubscriptionOutcome } from './outcome.ts';
import type { SubscriptionPorts } from './ports.ts';
import { waits } from './request.ts';
import { type Refusal, to } from './step.ts';

const refused = (reason: Refusal): SubscriptionOutcome => ({ kind: 'refused', reason });

const flagsOf = (message: SubscriptionMessage): JoinFlags => ({
  invitation: message.invitation ?? false,
  pre_verified: message.pre_verified ?? false,
  pre_confirmed: message.pre_confirmed ?? false,
  pre_approved: message.pre_approved ?? false,
});

/** Writes the request, which is the commit; whoever was here before is found by it. */
const commit = async (
  beginning: Beginning,
  message: SubscriptionMessage,
  { store, clock, site }: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const now = clock.now();
  const begun = await store.requests.begin(newRequest(beginning, message, now, site), now);
  const { request } = begun;
  if (begun.kind === 'pending' && !begun.ours && request.state !== 'done') return refused('pending');
  return { kind: 'request', request };
};

const unasked = (
  message: SubscriptionMessage,
  list: MailingList,
  email: string,
  mail: Pick<UnaskedMail, 'kind' | 'since'>,
): UnaskedMail => ({ ...mail, list, email, cause: message.id, at: new Date(message.at) });

/**
 * Begins a request to join, or says why not. A member is told of it, at most once a day, unless somebody with authority wished it; who wished it is
 * never told that the address is a member.
 */
export const beginToJoin = async (
  message: SubscriptionMessage,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const { store, clock } = ports;
  const email = message.email?.trim() ?? '';
  if (parseEmailAddress(email) === undefined) return refused('invalid-address');
  const earlier = await store.requests.get(list.list_id, 'join', email, clock.now());
  const member_id = memberIdFor(message);
  if (earlier?.member_id === member_id) return { kind: 'request', request: earlier };
  const flags = flagsOf(message);
  const fromOutside = !flags.invitation && !flags.pre_confirmed && !flags.pre_approved;
  // Whatever else there is to say of the address, it has a mail of ours to answer, and gets no other: nobody makes us work by asking again and again.
  if (fromOutside && waits(earlier)) return refused('pending');
  const { facts, member, left_at } = await readApplicant({ email, list, earlier }, ports);
  let step = beginJoin(flags, facts);
  if (step.kind === 'to' && step.state === 'done' && fromOutside) {
    const again = { list, email, cause: message.id, at: new Date(message.at), left_at };
    if (!(await mayReturn(again, ports))) step = to('confirming');
  }
  if (step.kind === 'refuse') {
    if (step.reason === 'member' && member !== undefined && fromOutside) {
      const mail = unasked(message, list, member.email, { kind: 'already-member', since: '' });
      if (await mayWrite(mail, ports)) {
        await tellAlreadyMember({ cause: message.id, email: member.email, at: mail.at }, list, ports);
      }
    }
    return refused(step.reason);
  }
  if (step.state === 'confirming') {
    const mail = unasked(message, list, email, { kind: 'join', since: left_at });
    if (!(await mayWrite(mail, ports))) return refused('too-many');
  }
  const { state } = step;
  const display_name = message.display_name ?? '';
  return commit({ kind: 'join', list, email, state, display_name, member_id }, message, ports);
};

/** Begins a request to leave, or says why not. */
export const beginToLeave = async (
  message: SubscriptionMessage,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const { store, clock } = ports;
  const email = addressKey(message.email?.trim() ?? '');
  if (parseEmailAddress(email) === undefined) return refused('invalid-address');
  const [earlier, member] = await Promise.all([
    store.requests.get(list.list_id, 'leave', email, clock.now()),
    store.members.get(list.list_id, 'member', email),
  ]);
  if (earlier?.cause === message.id) return { kind: 'request', request: earlier };
  const facts = {
    policy: list.settings.unsubscription_policy,
    member: member !== undefined,
    pending: waits(earlier),
  };
  const step = beginLeave(flagsOf(message), facts);
  if (step.kind === 'refuse' || member === undefined) {
    return refused(step.kind === 'refuse' ? step.reason : 'not-a-member');
  }
  const { member_id, display_name } = member;
  if (step.state === 'confirming') {
    const mail = unasked(message, list, email, { kind: 'leave', since: member_id });
    if (!(await mayWrite(mail, ports))) return refused('too-many');
  }
  return commit(
    { kind: 'leave', list, email: member.email, state: step.state, display_name, member_id },
    message,
    ports,
  );
};
