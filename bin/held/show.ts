import type { HeldMail } from '../../lib/held/held-mail.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import { type HeaderBlock, parseHeaderBlock, unfolded } from '../../lib/mail/header-block.ts';
import { readMailText } from '../../lib/mail/mail-text.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { findHeld, heldNumber } from './find-held.ts';
import { heldObject } from './held-object.ts';

/** How much of the text is shown: enough to tell what it is. */
const mostLines = 40;
const mostCharacters = 4000;

const beginning = (mail: HeaderBlock): string => {
  const { first } = readMailText(mail, { first: true, all: false, partFields: false, approved: false });
  const text = first
    .replace(/\r\n/g, '\n')
    .slice(0, mostCharacters)
    .split('\n')
    .slice(0, mostLines)
    .join('\n');
  if (text === '') return '(It has no plain text.)';
  return text.length < first.replace(/\r\n/g, '\n').length ? `${text}\n(It goes on.)` : text;
};

const shown = (held: HeldMail, list: MailingList, mail: HeaderBlock): string =>
  [
    columns([
      ['number', String(held.request_id)],
      ['list', postingAddress(list)],
      ['from', held.sender === '' ? '-' : held.sender],
      ['subject', held.subject.replace(/\s+/g, ' ')],
      ['since', held.hold_date],
      ['size', `${held.metadata.original_size} bytes`],
      ['message-id', held.message_id],
      [
        'claimed',
        held.claimed_by === undefined ? 'by nobody' : `by ${held.claimed_by} at ${held.claimed_at}`,
      ],
    ]),
    '',
    'It is held because:',
    ...held.reasons.map((reason) => `  ${reason.replace(/\s+/g, ' ')}`),
    '',
    // As they stand in the mail: what a header hides is a reason to look at it.
    ...mail.fields.map((field) => `${field.name}: ${unfolded(field)}`),
    '',
    beginning(mail),
  ].join('\n');

/** `held show` */
export const verb: Verb = {
  summary: 'Show a held mail: why it waits, its headers, and how its text begins.',
  usage: 'LIST NUMBER',
  details:
    'Control characters are replaced, since a terminal would obey them. --mail writes the bytes as they are.',
  examples: [
    ['held show ant@example.com 7', 'Show a mail.'],
    ['held show ant@example.com 7 --mail > mail.eml', 'Write its bytes to a file.'],
  ],
  options: { mail: { doc: 'Write the bytes of the mail, and nothing else.' } },
  run: async ({ args, options, out, connect }) => {
    const [name = '', number = ''] = exactly(args, 'LIST', 'NUMBER');
    const request = heldNumber(number);
    const { store, blobs } = await connect();
    const list = await findList(store, name);
    const held = await findHeld(store, list, request);
    const [bytes, record] = await Promise.all([
      (await blobs()).get(held.blob),
      store.mails.get(held.mail_id),
    ]);
    if (bytes === undefined) throw new CommandError(`The bytes of the held mail ${request} are gone`);
    if (options.flag('mail')) {
      out.bytes(bytes);
      return;
    }
    const mail = parseHeaderBlock(bytes);
    const subject = mail.fields.find(({ key }) => key === 'subject');
    out.result(
      {
        ...heldObject(held),
        original_subject: subject === undefined ? '' : unfolded(subject),
        rule_hits: record?.rule_hits ?? [],
        rule_misses: record?.rule_misses ?? [],
        msg: bytes.toString(),
      },
      shown(held, list, mail),
    );
  },
};
