import { listAddress, type MailingList } from '../lists/list.ts';
import type { Answerable } from './author.ts';
import { compose } from './compose.ts';
import { answerTo } from './conversation.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** What the author of a mail is told. */
export interface AuthorAnswer {
  /** The mail that is answered. */
  readonly cause: { readonly id: string; readonly message_id: string };
  readonly original: Answerable;
  readonly kind: string;
  readonly list: MailingList;
  /** Which address of the list it comes from. */
  readonly from: 'bounces' | 'owner';
  readonly subject: string;
  readonly text: string;
  readonly attached?: readonly Buffer[];
  readonly at?: Date;
  /** Fields beside those that every notice has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers the author of a mail that may be answered, in the conversation of that mail. */
export const answerAuthor = (
  { cause, original, kind, list, from, subject, text, attached, at, headers }: AuthorAnswer,
  ports: NoticePorts,
): Promise<void> =>
  sendNotice(
    {
      cause: cause.id,
      kind,
      list,
      to: original.author,
      ...(at === undefined ? {} : { at }),
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, from) },
            to: { name: '', address: original.author },
            subject,
            answers: answerTo(cause.message_id, original.mail),
            ...(headers === undefined ? {} : { headers }),
            body: { text, ...(attached === undefined ? {} : { attached }) },
          },
          identity,
        ),
    },
    ports,
  );
