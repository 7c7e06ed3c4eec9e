import type { Bounce, Recognition } from '../../lib/bounces/bounce.ts';
import { recognise } from '../../lib/bounces/recognise.ts';
import { readSite } from '../../lib/config/site.ts';
import { errorLine, UsageError } from '../cli/errors.ts';
import { fileBytes } from '../cli/file-bytes.ts';
import type { Verb } from '../cli/verb.ts';

interface Explained {
  readonly file: string;
  readonly recognition: Recognition;
}

const bounceLine = ({ address, kind, why, code, detector, diagnostic }: Bounce): string => {
  const reason = code === undefined ? why : `${why} (${code})`;
  const said = diagnostic === undefined ? '' : `\n    ${diagnostic}`;
  return `  ${address}  ${kind}, ${reason}, by ${detector}${said}`;
};

const text = ({ file, recognition }: Explained): string => {
  switch (recognition.kind) {
    case 'bounces':
      return [`${file}:`, ...recognition.bounces.map(bounceLine)].join('\n');
    case 'no-bounce':
      return `${file}:\n  no bounce: ${recognition.because}`;
    case 'unrecognised':
      return `${file}:\n  not recognised`;
  }
};

const addressesOf = (recognition: Recognition, kind: Bounce['kind']): readonly string[] =>
  recognition.kind === 'bounces'
    ? recognition.bounces.filter((bounce) => bounce.kind === kind).map(({ address }) => address)
    : [];

const forMachines = ({ file, recognition }: Explained) => ({
  file,
  kind: recognition.kind,
  because: recognition.kind === 'no-bounce' ? recognition.because : null,
  permanent: addressesOf(recognition, 'permanent'),
  temporary: addressesOf(recognition, 'temporary'),
  complaint: addressesOf(recognition, 'complaint'),
  bounces: recognition.kind === 'bounces' ? recognition.bounces : [],
});

/** `bounce explain` */
export const verb: Verb = {
  summary: 'Tell whom a bounce is about, for good or for now, and why.',
  usage: 'FILE...',
  details:
    'Each file is one mail. Nothing is changed, and nothing is asked: it needs no stack. Where no recipient is given, the member of a bounce address is read from the headers.',
  examples: [
    ['bounce explain bounce.eml', 'Tell what a mail to the bounce address means.'],
    [
      'bounce explain --recipient ant-bounces+anne=example.org@example.com bounce.eml',
      'Tell it with the envelope recipient, which knows best.',
    ],
  ],
  options: {
    recipient: { takes: 'ADDRESS', doc: 'The envelope recipient (read from the headers unless given).' },
    sender: {
      takes: 'ADDRESS',
      doc: 'The envelope sender; an empty one is the null sender (unknown unless given).',
    },
    'verp-delimiter': {
      takes: 'TEXT',
      doc: 'The mta.verp_delimiter of the site (the default unless given).',
    },
    'verp-format': { takes: 'TEXT', doc: 'The mta.verp_format of the site (the default unless given).' },
  },
  run: async ({ args, options, out }) => {
    if (args.length === 0) throw new UsageError('FILE is missing');
    const recipient = options.text('recipient');
    const sender = options.text('sender');
    const { mta } = readSite();
    const verp = {
      verp_delimiter: options.text('verp-delimiter') ?? mta.verp_delimiter,
      verp_format: options.text('verp-format') ?? mta.verp_format,
    };
    const envelope = {
      ...(recipient === undefined ? {} : { recipient }),
      ...(sender === undefined ? {} : { sender }),
    };
    const explained: Explained[] = [];
    for (const file of args) {
      try {
        explained.push({ file, recognition: recognise({ bytes: await fileBytes(file), ...envelope }, verp) });
      } catch (error) {
        const said = errorLine(error);
        // The system names what it does not find, but not what it cannot read.
        out.problem(said.includes(file) ? said : `${file}: ${said}`);
      }
    }
    out.result(explained.map(forMachines), explained.map(text).join('\n'));
  },
};
