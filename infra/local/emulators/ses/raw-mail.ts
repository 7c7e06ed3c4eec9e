/** A mail as bytes, split as far as SES looks into it. It shares no parser with what is tested against it. */
export interface RawMail {
  readonly fields: readonly RawField[];
  readonly body: Buffer;
}

/** A header field: its name, and its value without folding. */
export interface RawField {
  readonly name: string;
  readonly value: string;
  /** The field as it stands in the mail, without its last line end. */
  readonly lines: string;
}

const readField = (lines: string): RawField => {
  const colon = lines.indexOf(':');
  return {
    name: lines.slice(0, Math.max(colon, 0)).trim(),
    value: lines
      .slice(colon + 1)
      .replace(/\r?\n(?=[ \t])/g, '')
      .trim(),
    lines,
  };
};

/** Reads a mail. Its header is read as Latin-1, so that every byte is a character. */
export const readRawMail = (bytes: Buffer): RawMail => {
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const header = end === null ? text : text.slice(0, end.index);
  const body = end === null ? Buffer.alloc(0) : bytes.subarray(end.index + end[0].length);
  const fields = header
    .split(/\r?\n(?![ \t])/)
    .filter((lines) => lines !== '')
    .map(readField);
  return { fields, body };
};

/** The fields of a name, in any letter case. */
export const fieldsNamed = ({ fields }: RawMail, name: string): readonly RawField[] =>
  fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());

/** What SES puts into a mail. */
export interface Stamp {
  readonly messageId: string;
  readonly date: Date;
  readonly feedbackId: string;
  readonly returnPath: string;
}

// What SES replaces, what it obeys and takes out, and what nobody but the sender may see.
const replaced = new Set([
  'message-id',
  'date',
  'return-path',
  'feedback-id',
  'bcc',
  'x-ses-configuration-set',
  'x-ses-message-tags',
  'x-ses-source-arn',
  'x-ses-from-arn',
  'x-ses-return-path-arn',
]);

/** The mail as it leaves SES (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html). */
export const stamped = ({ fields, body }: RawMail, stamp: Stamp): Buffer => {
  const kept = fields.filter(({ name }) => !replaced.has(name.toLowerCase())).map(({ lines }) => lines);
  const date = stamp.date.toUTCString().replace('GMT', '+0000');
  const header = [
    `Return-Path: <${stamp.returnPath}>`,
    ...kept,
    `Message-ID: <${stamp.messageId}>`,
    `Date: ${date}`,
    `Feedback-ID: ${stamp.feedbackId}`,
    `X-SES-Outgoing: ${stamp.date.toISOString().slice(0, 10).replaceAll('-', '.')}-192.0.2.25`,
  ];
  const lines = header.map((field) => `${field.replace(/\r?\n/g, '\r\n')}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${lines}\r\n`, 'latin1'), body]);
};
