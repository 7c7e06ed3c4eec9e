import * as z from 'zod';
import { type MetadataNotes, metadataSchema } from '../lib/queue/messages.ts';
import { inject, injectQueues } from '../lib/runners/inject.ts';
import { CommandError, UsageError } from './cli/errors.ts';
import { fileBytes } from './cli/file-bytes.ts';
import { assignments, exactly } from './cli/parse.ts';
import type { Verb } from './cli/verb.ts';
import { findList } from './list/find-list.ts';

const notesSchema = z.record(z.string(), z.json());

// Addresses come as one text, parted by commas; everything else may be written as JSON, and is a text where it is none.
const metadataValue = (name: string, value: string | readonly string[]): unknown => {
  const texts = [value].flat();
  if (name === 'recipients') return texts.flatMap((text) => text.split(',')).map((text) => text.trim());
  const [only = ''] = texts;
  if (texts.length > 1) return texts;
  try {
    return JSON.parse(only);
  } catch {
    return only;
  }
};

const readMetadata = (given: readonly string[]): MetadataNotes => {
  const values = Object.fromEntries(
    Object.entries(assignments(given)).map(([name, value]) => [name, metadataValue(name, value)]),
  );
  const read = metadataSchema.partial().safeParse(values);
  if (!read.success) throw new CommandError(`The metadata cannot be: ${z.prettifyError(read.error)}`);
  return notesSchema.parse(values);
};

/** `inject` */
export const verb: Verb = {
  summary: 'Put a mail into a queue of a list, and print the id by which post show knows it.',
  usage: 'LIST < MAIL',
  details: [
    'in: the mail goes through the rules, as if it had arrived; pipeline: it is taken as accepted and made a post;',
    'out: it is sent as it is to the members, or to --meta recipients=a@example.org,b@example.org.',
    'A mail without Message-ID or Date gets one. The same mail may be injected again and again.',
  ].join('\n'),
  examples: [
    ['inject ant@example.com < mail.eml', 'Post a mail to a list.'],
    ['inject ant@example.com --queue pipeline < mail.eml', 'Post a mail that the rules would hold.'],
  ],
  options: {
    queue: { takes: 'QUEUE', doc: 'in, pipeline or out (in unless given).' },
    meta: { takes: 'KEY=VALUE', multiple: true, doc: 'Metadata of the mail.' },
    file: { takes: 'FILE', doc: 'The file with the mail; - is standard input, as is none.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const wanted = options.text('queue') ?? 'in';
    const queue = injectQueues.find((one) => one === wanted);
    if (queue === undefined) {
      throw new UsageError(`"${wanted}" is not a queue for this; there is ${injectQueues.join(', ')}`);
    }
    const metadata = readMetadata(options.all('meta'));
    const { store, clock, place, ...connection } = await connect();
    const list = await findList(store, name);
    const bytes = await fileBytes(options.text('file'));
    if (bytes.length === 0) throw new CommandError('The mail is empty');
    const ports = {
      store,
      clock,
      site: place.site,
      blobs: await connection.blobs(),
      queues: await connection.queues(),
    };
    const id = await inject(list, { bytes, queue, metadata }, ports);
    out.result({ id, list_id: list.list_id, queue }, id);
  },
};
