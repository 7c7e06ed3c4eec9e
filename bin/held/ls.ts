import type { HeldMail } from '../../lib/held/held-mail.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { Store } from '../../lib/store/store.ts';
import { UsageError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { OptionValues, Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { heldNumber } from './find-held.ts';
import { heldObject } from './held-object.ts';

/** How many held mails a page has. */
const pageSize = 50;

/** Subjects and reasons stand on one line each, whatever they were made of. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const itemText = ({ request_id, hold_date, sender, subject, reasons, claimed_by }: HeldMail): string =>
  [
    `${request_id}  ${hold_date}  ${sender === '' ? '-' : sender}  ${oneLine(subject)}`,
    ...reasons.map((reason) => `  ${oneLine(reason)}`),
    ...(claimed_by === undefined ? [] : [`  Claimed by ${claimed_by}.`]),
  ].join('\n');

const pageFrom = (options: OptionValues): number | undefined => {
  const given = options.text('page');
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`--page is a number from 1 on, not "${given}"`);
  return Number(given);
};

/** A held mail, which machines read in the form that they know. */
interface Listed {
  readonly held: HeldMail;
  readonly toJSON: () => object;
}

/** One page of held mails, or all of them; the query behind it is read no further than needed. */
async function* pageOf(
  { list_id }: MailingList,
  store: Store,
  from: number | undefined,
  page: number | undefined,
): AsyncIterable<Listed> {
  const skip = ((page ?? 1) - 1) * pageSize;
  const end = page === undefined ? Number.POSITIVE_INFINITY : skip + pageSize;
  let index = 0;
  for await (const held of store.held.ls(list_id, from)) {
    if (index >= skip) yield { held, toJSON: () => heldObject(held) };
    index += 1;
    if (index >= end) return;
  }
}

/** `held ls` */
export const verb: Verb = {
  summary: 'Show the mails that wait for a moderator.',
  usage: 'LIST',
  details: 'Each mail has a number, by which the other verbs know it. Numbers increase; some may be missing.',
  examples: [
    ['held ls ant@example.com', 'Show what waits.'],
    ['held ls ant@example.com --page 2', 'Show the second fifty.'],
  ],
  options: {
    page: { takes: 'N', doc: `Show the Nth page of ${pageSize} mails only.` },
    from: { takes: 'NUMBER', doc: 'Begin with this number.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const page = pageFrom(options);
    const first = options.text('from');
    const from = first === undefined ? undefined : heldNumber(first);
    const { store } = await connect();
    const list = await findList(store, name);
    await out.items(
      pageOf(list, store, from, page),
      ({ held }) => itemText(held),
      `No mail to ${postingAddress(list)} waits${page === undefined && from === undefined ? '' : ' there'}.`,
    );
  },
};
