import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { administratorsOf } from './administrators.ts';
import { bounceText } from './bounce-text.ts';
import { compose } from './compose.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** Who hears of mail that could not be recognised, as the list says; nobody when it says discard. */
const recipientsOf = async (
  list: MailingList,
  ports: Pick<NoticePorts, 'store' | 'site'>,
): Promise<readonly string[]> => {
  switch (list.settings.forward_unrecognized_bounces_to) {
    case 'discard':
      return [];
    case 'administrators':
      return administratorsOf(list, ports.store, ports.site);
    case 'site_owner':
      return [ports.site.mailman.site_owner];
  }
};

/** A notice about such mail. */
interface Told {
  readonly cause: string;
  readonly kind: string;
  readonly list: MailingList;
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
  readonly attached?: readonly Buffer[];
}

const tell = async (
  { cause, kind, list, subject, text, at, attached = [] }: Told,
  ports: NoticePorts,
): Promise<void> => {
  const owner = { name: '', address: listAddress(list, 'owner') };
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: owner.address,
      recipients: await recipientsOf(list, ports),
      at,
      compose: (identity) => compose({ from: owner, to: owner, subject, body: { text, attached } }, identity),
    },
    ports,
  );
};

/** Forwards a mail that could not be recognised (mailman-behaviour.md, section 13.4). */
export const forwardUnrecognised = async (
  {
    cause,
    list,
    mail,
    at,
  }: { readonly cause: string; readonly list: MailingList; readonly mail: Buffer; readonly at: Date },
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:admin:notice:unrecognized';
  const list_setting = 'forward_unrecognized_bounces_to';
  const text = await bounceText(kind, list, { list_setting }, ports);
  const subject = `A message to ${listAddress(list, 'bounces')} that is no known bounce`;
  await tell({ cause, kind, list, subject, text, at, attached: [mail] }, ports);
};

/** What the owners read of one day. */
export interface DaySummary {
  readonly cause: string;
  readonly list: MailingList;
  readonly day: string;
  readonly count: number;
  readonly lines: string;
  readonly at: Date;
}

/** Tells of all but the first of a day. */
export const summariseUnrecognised = async (
  { cause, list, day, count, lines, at }: DaySummary,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:admin:notice:unrecognized-summary';
  const text = await bounceText(kind, list, { day, count: String(count), lines }, ports);
  const subject = `${count} more messages to ${listAddress(list, 'bounces')} on ${day}`;
  await tell({ cause, kind, list, subject, text, at }, ports);
};

/** Tells what was refused on a day because of what was sent or of who sends it. */
export const summariseBlocked = async (
  { cause, list, day, count, lines, at }: DaySummary,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:admin:notice:blocked';
  const text = await bounceText(kind, list, { day, count: String(count), lines }, ports);
  const owner = { name: '', address: listAddress(list, 'owner') };
  const subject = `Messages of ${postingAddress(list)} are refused`;
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: owner.address,
      recipients: await administratorsOf(list, ports.store, ports.site),
      at,
      compose: (identity) => compose({ from: owner, to: owner, subject, body: { text } }, identity),
    },
    ports,
  );
};
