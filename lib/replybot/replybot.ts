import type { MailingList } from '../lists/list.ts';
import { type HeaderBlock, unfolded } from '../mail/header-block.ts';
import type { Metadata } from '../queue/messages.ts';
import type { Destination } from './destination.ts';

/** Whether a mail is answered automatically, as far as it and its list tell. */
export type Reply =
  | { readonly kind: 'none' }
  /** `grace`: for how many seconds the same address gets no second one; 0: it always gets one. */
  | { readonly kind: 'reply'; readonly text: string; readonly grace: number };

const none: Reply = { kind: 'none' };

const textOf = ({ settings }: MailingList, destination: Destination): string => {
  switch (destination) {
    case 'owner':
      return settings.autoresponse_owner_text;
    case 'postings':
      return settings.autoresponse_postings_text;
    case 'requests':
      return settings.autoresponse_request_text;
  }
};

/**
 * Decides on an automatic answer (mailman-behaviour.md, section 19.1). `X-Ack: yes` asks for one within the time of grace, `X-Ack: no` for none. Mail that no
 * machine may answer is not looked at here (`lib/notices/may-answer.ts`), and unlike Mailman's, `X-Ack: yes` does not make it fit to be answered.
 */
export const replyTo = (
  mail: HeaderBlock,
  metadata: Metadata,
  list: MailingList,
  destination: Destination,
): Reply => {
  const text = textOf(list, destination);
  if (list.settings[`autorespond_${destination}`] === 'none' || text.trim() === '') return none;
  const field = mail.fields.find(({ key }) => key === 'x-ack');
  const ack = field === undefined ? '' : unfolded(field).toLowerCase();
  if (metadata.noack === true || ack === 'no') return none;
  return { kind: 'reply', text, grace: ack === 'yes' ? 0 : list.settings.autoresponse_grace_period };
};
