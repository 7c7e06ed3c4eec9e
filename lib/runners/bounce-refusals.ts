import type { BounceReason } from '../bounces/bounce.ts';
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

// RFC 3463, sections 3.4 to 3.6: the mail system, its directory (4.3) and its congestion (4.5), and the protocol. RFC 5321, section 4.2.3: without an
// enhanced code, a service that closes, an error in processing, no room, and commands that were not understood.
const ofTheSystem = /^[45]\.(?:[35]\.|4\.[35]$)/;
const ofTheSystemAlone = new Set(['', '421', '451', '452', '500', '502', '503', '504', '552']);

/** Whether a reply is about the server that gave it, or about how we speak with it, and so says nothing of any mailbox. */
const isOfSystem = (code: string, enhanced: string | undefined): boolean =>
  enhanced === undefined ? ofTheSystemAlone.has(code) : ofTheSystem.test(enhanced);

// RFC 3463, sections 3.2, 3.7 and 3.8: the sender, the content, and policy.
const ofUs = /^\d\.(?:1\.[78]$|[67]\.)/;

const ofAddress: ReadonlySet<BounceReason> = new Set([
  'user-unknown',
  'mailbox-full',
  'mailbox-disabled',
  'host-unknown',
]);
const ofMail: ReadonlySet<BounceReason> = new Set(['blocked', 'dmarc', 'content', 'too-large']);

/** What it says of an address that it was tried for the whole retry period, by the last reply. */
const bounceOfGivenUp = (
  address: string,
  code: string,
  enhanced: string | undefined,
): Pick<ToldBounce, 'address' | 'kind' | 'why'> => {
  if (isOfSystem(code, enhanced)) return { address, kind: 'temporary', why: 'expired' };
  // Of five days of 4.7.1 the list may be guilty, of five days of 4.2.2 it is not.
  if (enhanced === undefined || !ofUs.test(enhanced)) return { address, kind: 'permanent', why: 'expired' };
  const why = reasonOf(enhanced, '');
  return { address, kind: 'permanent', why: why === 'user-unknown' ? 'policy' : why };
};

/**
 * What a reply to RCPT says of the address (design, rules 9 and 10): a 5xx with a code of addresses or mailboxes, or with none, scores, and so does an
 * address that was tried for the whole retry period, unless the last reply was about the server or about us. Any other enhanced code speaks of us, or of the
 * mail.
 */
export const bounceOfReply = (address: string, ledgerCode: string): ToldBounce => {
  const reply = replyIn(ledgerCode);
  const { code, enhanced } = partsOf(reply);
  const shown = enhanced ?? (code === '' ? undefined : code);
  const why = reasonOf(shown, '');
  if (isGivenUp(ledgerCode)) return { ...bounceOfGivenUp(address, code, enhanced), code: shown };
  // A code of mailboxes may tell that too much comes for one (Exchange Online's 5.2.121), which is not the member's doing.
  const scores =
    replyCode(reply) >= 500 && why !== 'blocked' && (enhanced === undefined || speaksOfRecipient(reply));
  if (scores) return { address, kind: 'permanent', why: ofAddress.has(why) ? why : 'other', code: shown };
  // Of ways, loops and time (5.4.x) nobody is guilty whose address was not even looked at.
  return { address, kind: 'permanent', why: ofMail.has(why) ? why : 'policy', code: shown };
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
