import type { ModerationMessage } from '../queue/messages.ts';
import type { HeldMail } from './held-mail.ts';

/** What somebody wants of a held mail, under the name that makes it the same wish however often it is sent. */
export type Wish = Omit<ModerationMessage, 'v' | 'type' | 'queue' | 'id' | 'listid' | 'request_id'>;

/** The message of a wish about a held mail. */
export const wishAbout = (held: HeldMail, wish: Wish): ModerationMessage => ({
  v: 1,
  type: 'moderation',
  queue: 'command',
  id: held.mail_id,
  listid: held.list_id,
  request_id: held.request_id,
  ...wish,
});
