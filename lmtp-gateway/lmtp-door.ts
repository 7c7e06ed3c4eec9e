import type { Recipient } from '../lib/addresses/recipient.ts';
import type { Reply } from './replies.ts';

/** A recipient to whom RCPT said yes. */
export interface AcceptedRecipient {
  /** Exactly as it was given. */
  readonly address: string;
  /** Undefined for an unknown one, which is refused after DATA when the site wants that. */
  readonly recipient: Recipient | undefined;
}

/** The port between the protocol and what becomes of a mail. The protocol keeps the order of commands, and nothing else. */
export interface LmtpDoor {
  /** Who a recipient is, or why not. Never throws. */
  readonly recipient: (address: string) => Promise<AcceptedRecipient | Reply>;
  /** Gets ready for the content of a mail, or says why not. */
  readonly receive: () => Receiver | Reply;
}

/** Takes the content of one mail. */
export interface Receiver {
  /** Takes content; a promise when the sender has to wait. Never throws. */
  readonly write: (bytes: Buffer) => Promise<void> | undefined;
  /** The content is whole: decides, and gives one reply for each recipient, in their order (RFC 2033). Never throws. */
  readonly end: (sender: string, recipients: readonly AcceptedRecipient[]) => Promise<readonly Reply[]>;
  /** The client went away in the middle of the content. Without effect once `end` was called. */
  readonly abort: () => void;
}

/** Whether an answer of the door is a reply. */
export const isReply = (answer: object): answer is Reply => 'code' in answer;
