import type { ToldBounce } from '../bounces/bounce-event.ts';
import { reasonOf } from '../bounces/reason.ts';
import { isGivenUp, replyIn, speaksOfRecipient } from '../delivery/ledger-codes.ts';
import { replyCode } from '../delivery/smtp-replies.ts';
import type { RefusalsMessage } from '../queue/messages.ts';
import { applyBounces } from './bounce-events.ts';
import type { BouncePorts } from './bounce-ports.ts';
import { probeOfNotice } from './probe-of-notice.ts';

/** The parts of a reply such as `550 5.1.1`; the second is absent where the server gives none. */
const partsOf = (reply: string): { readonly code: string; readonly enhanced: string | undefined } => {
  const [, code = '', enhanced] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(reply) ?? [];
  return { code, enhanced };
};

/**
 * What a reply to RCPT says of the address (design, rules 9 and 10): a 5xx with a code of addresses or mailboxes, or with none, scores, and so does an
 * address that was tried for the whole retry period. Any other enhanced code speaks of us, or of the mail.
 */
export const bounceOfReply = (address: string, ledgerCode: string): ToldBounce => {
  const reply = replyIn(ledgerCode);
  const { code, enhanced } = partsOf(reply);
  const shown = enhanced ?? (code === '' ? undefined : code);
  const why = reasonOf(shown, '');
  if (isGivenUp(ledgerCode)) {
    // Of five days of 4.7.1 the list may be guilty, of five days of 4.2.2 it is not.
    const ours = enhanced !== undefined && /^\d\.[67]\./.test(enhanced);
    return { address, kind: 'permanent', why: ours ? why : 'expired', code: shown };
  }
  const scores = replyCode(reply) >= 500 && (enhanced === undefined || speaksOfRecipient(reply));
  const blamed = ['user-unknown', 'mailbox-full', 'mailbox-disabled', 'host-unknown'].includes(why);
  if (scores) return { address, kind: 'permanent', why: blamed ? why : 'other', code: shown };
  return { address, kind: 'permanent', why: blamed || why === 'other' ? 'policy' : why, code: shown };
};

/** Takes what the relay refused at RCPT, or what was given up: each address is an event, named by post, chunk and attempt. */
export const runRefusals = async (message: RefusalsMessage, ports: BouncePorts): Promise<void> => {
  const { id, listid, chunk, attempt, at, refused } = message;
  const list = await ports.store.lists.uncounted(listid);
  if (list === undefined) return;
  const about = { list, at, source: 'relay' } as const;
  const probe = list.settings.process_bounces ? await probeOfNotice(id, ports) : undefined;
  const events = refused
    .filter(({ recipient }) => list.settings.process_bounces && recipient !== '')
    .map(({ recipient, reply }) => ({
      ...about,
      id: `${id} ${chunk} ${attempt} ${recipient.toLowerCase()}`,
      bounce: bounceOfReply(recipient, reply),
      context: probe === undefined ? ('normal' as const) : ('probe' as const),
      ...(probe === undefined ? {} : { probed: probe.member_id }),
    }));
  await applyBounces({ id, listId: listid, source: 'relay', events }, ports);
};
