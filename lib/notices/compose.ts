import { formatAddressList, type Mailbox } from '../mail/address-list.ts';
import { encodeWords } from '../mail/encoded-words.ts';
import { fieldFrom, type HeaderField } from '../mail/header-block.ts';
import { mailDate } from '../mail/mail-date.ts';
import { oneLine } from './one-line.ts';
import { mailPart, type Part, textPart } from './parts.ts';

/** What makes a notice the same notice whenever it is made: its id, and what follows from it. */
export interface NoticeIdentity {
  readonly noticeId: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly date: Date;
}

/** The mail that a notice answers. */
export interface Answered {
  /** Absent when the mail had none that one could refer to. */
  readonly messageId?: string;
  /** The Message-IDs of the conversation before it, the oldest first. */
  readonly references: readonly string[];
}

/** A mail that Belfry writes. */
export interface Composition {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly answers?: Answered | undefined;
  /** False: no `Precedence: bulk`. */
  readonly bulk?: boolean;
  /** Fields beside those that every notice has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, with whole mails attached as they are; or one whole mail alone. */
  readonly body:
    | { readonly text: string; readonly attached?: readonly Buffer[] }
    | { readonly forwarded: Buffer };
}

const crlf = Buffer.from('\r\n');

// A text that looks like an encoded word and is none is encoded, so that it is read as the text it is.
const subjectText = (subject: string): string => {
  const line = oneLine(subject);
  return line.includes('=?') ? encodeWords(line, { whole: true }) : line;
};

const mailbox = ({ name, address }: Mailbox): string => formatAddressList([{ name: oneLine(name), address }]);

/** RFC 5322, section 3.6.4: the mail that is answered, and behind its own references itself. */
const threading = ({ messageId, references }: Answered): readonly HeaderField[] =>
  messageId === undefined
    ? []
    : [fieldFrom('In-Reply-To', messageId), fieldFrom('References', [...references, messageId].join(' '))];

/** A line that parts what is enclosed and that stands in none of it. */
const boundaryFor = (parts: readonly Part[], noticeId: string): string => {
  const first = `=_${noticeId}`;
  let boundary = first;
  for (let count = 1; parts.some(({ body }) => body.includes(`--${boundary}`)); count += 1) {
    boundary = `${first}_${count}`;
  }
  return boundary;
};

/** Fields, those that say what the part is, and the part. */
const headed = (fields: readonly HeaderField[], { type, encoding, body }: Part): Buffer =>
  Buffer.concat([
    ...fields.map(({ raw }) => raw),
    fieldFrom('Content-Type', type).raw,
    fieldFrom('Content-Transfer-Encoding', encoding).raw,
    crlf,
    body,
  ]);

/** Several parts in one; it says 8bit when a part does (RFC 2045, section 6.4). */
const mixed = (parts: readonly Part[], noticeId: string): Part => {
  const boundary = boundaryFor(parts, noticeId);
  return {
    type: `multipart/mixed; boundary="${boundary}"`,
    encoding: parts.some(({ encoding }) => encoding === '8bit') ? '8bit' : '7bit',
    body: Buffer.concat([
      ...parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), headed([], part), crlf]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  };
};

const bodyPart = (body: Composition['body'], noticeId: string): Part => {
  if ('forwarded' in body) return mailPart(body.forwarded);
  const { text, attached = [] } = body;
  return attached.length === 0
    ? textPart(text)
    : mixed([textPart(text), ...attached.map(mailPart)], noticeId);
};

/**
 * Writes a mail. The same notice is the same bytes, because nothing in it comes from chance or from the clock. It says that a
 * machine wrote it, so that other machines do not answer (RFC 3834, section 5).
 */
export const compose = (
  { from, to, subject, answers, bulk = true, headers = {}, body }: Composition,
  { noticeId, messageId, date }: NoticeIdentity,
): Buffer =>
  headed(
    [
      fieldFrom('From', mailbox(from)),
      fieldFrom('To', mailbox(to)),
      fieldFrom('Subject', subjectText(subject)),
      fieldFrom('Date', mailDate(date)),
      fieldFrom('Message-ID', messageId),
      ...(answers === undefined ? [] : threading(answers)),
      fieldFrom('Auto-Submitted', answers === undefined ? 'auto-generated' : 'auto-replied'),
      ...(bulk ? [fieldFrom('Precedence', 'bulk')] : []),
      ...Object.entries(headers).map(([name, value]) => fieldFrom(name, value)),
      fieldFrom('MIME-Version', '1.0'),
    ],
    bodyPart(body, noticeId),
  );
