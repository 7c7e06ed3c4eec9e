import type { SesEvent } from '../ses/ses-event.ts';
import type { BounceReason } from './bounce.ts';
import type { ToldBounce } from './bounce-event.ts';
import { reasonOf } from './reason.ts';

/** One recipient as an event names it. */
interface Recipient {
  readonly emailAddress: string;
  readonly status?: string | undefined;
  readonly diagnosticCode?: string | undefined;
}

/** The bare address: SES may give it with a name (RFC 5322, section 3.4). */
const bare = (text: string): string => /<([^<>]*)>\s*$/.exec(text)?.[1]?.trim() ?? text.trim();

/**
 * Recipients whom SES did not even try: they are on its own list, or on that of the account
 * (https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html).
 */
const suppressed: ReadonlySet<string> = new Set([
  'Suppressed',
  'OnAccountSuppressionList',
  'OnTenantSuppressionList',
  'UnsubscribedRecipient',
]);

/**
 * Why, by the kind of a bounce, where the server gave no code that tells
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html#event-publishing-retrieving-sns-contents-bounce-types).
 */
const reasons: ReadonlyMap<string, BounceReason> = new Map([
  ['MailboxFull', 'mailbox-full'],
  ['MessageTooLarge', 'too-large'],
  ['ContentRejected', 'content'],
  ['AttachmentRejected', 'content'],
]);

const bounced = (
  { emailAddress, status, diagnosticCode }: Recipient,
  { bounceType, bounceSubType }: { readonly bounceType: string; readonly bounceSubType: string },
): ToldBounce => {
  const kind = bounceType === 'Permanent' ? 'permanent' : 'temporary';
  const address = bare(emailAddress);
  if (suppressed.has(bounceSubType)) {
    return { address, kind, why: 'mailbox-disabled', said: `suppressed by Amazon SES (${bounceSubType})` };
  }
  const read = reasonOf(status, diagnosticCode ?? '');
  const why = read === 'other' ? (reasons.get(bounceSubType) ?? read) : read;
  const noEmail = bounceSubType === 'NoEmail' || (why === 'other' && kind === 'permanent');
  return { address, kind, why: noEmail ? 'user-unknown' : why, code: status };
};

/** An address that SES did not even try, because somebody there has complained about another mail of the account; nobody has about this one. */
const suppressedForComplaint = ({ emailAddress }: Recipient, subType: string): ToldBounce => ({
  address: bare(emailAddress),
  kind: 'permanent',
  why: 'mailbox-disabled',
  said: `suppressed by Amazon SES after a complaint (${subType})`,
});

/**
 * The addresses that an event of SES is about: bounces and complaints. A delay is none, since the mail may come yet; a rejected mail, or one that could not
 * be rendered, is the mail's own fault. `not-spam` takes a complaint back (RFC 5965, section 7.3, and its registry).
 */
export const bouncesOfSesEvent = (event: SesEvent): readonly ToldBounce[] => {
  switch (event.eventType) {
    case 'Bounce':
      return event.bounce.bouncedRecipients.map((recipient) => bounced(recipient, event.bounce));
    case 'Complaint': {
      const { complainedRecipients, complaintSubType, complaintFeedbackType } = event.complaint;
      if (complaintFeedbackType === 'not-spam') return [];
      return complainedRecipients.map((recipient) =>
        suppressed.has(complaintSubType ?? '')
          ? suppressedForComplaint(recipient, complaintSubType ?? '')
          : { address: bare(recipient.emailAddress), kind: 'complaint', why: 'complaint' },
      );
    }
    case 'DeliveryDelay':
    case 'Reject':
    case 'Rendering Failure':
      return [];
  }
};
