import type { MailRecord, Roster } from '../../lib/posts/mail-record.ts';
import { findMails } from '../../lib/posts/post-report.ts';
import type { Store } from '../../lib/store/store.ts';
import { CommandError } from '../cli/errors.ts';

/** The mails that a person means; throws when there is none. */
export const findSome = async (
  store: Pick<Store, 'mails'>,
  named: string,
): Promise<readonly MailRecord[]> => {
  const mails = await findMails(store, named);
  if (mails.length === 0) {
    throw new CommandError(
      `Nothing is known of the mail ${named}; one that was just accepted may still wait in its queue (queue ls)`,
    );
  }
  return mails;
};

/** The one post that a person means, with its recipients; throws when there is none, or several, or when it is not made. */
export const findPost = async (
  store: Pick<Store, 'mails'>,
  named: string,
): Promise<{ readonly record: MailRecord; readonly roster: Roster }> => {
  const [record, ...others] = await findSome(store, named);
  if (record === undefined || others.length > 0) {
    const ids = [record, ...others].flatMap((one) =>
      one === undefined ? [] : [`${one.id} (${one.list_id})`],
    );
    throw new CommandError(
      `${named} is the Message-ID of several posts; name one by its id: ${ids.join(', ')}`,
    );
  }
  const { roster, disposition } = record;
  if (roster === undefined) {
    throw new CommandError(
      disposition === 'accepted'
        ? `The post of the mail ${record.id} is not made yet`
        : `The mail ${record.id} became no post: it is ${disposition}`,
    );
  }
  return { record, roster };
};
