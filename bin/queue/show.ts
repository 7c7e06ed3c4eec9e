import { shuntedMessage } from '../../lib/runners/redrive.ts';
import { CommandError } from '../cli/errors.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findItem } from './items.ts';

/** `queue show` */
export const verb: Verb = {
  summary: 'Show an item of the shunt: why it is there, and what it is.',
  usage: 'ID',
  examples: [
    ['queue show 0123456789abcdef', 'Show an item.'],
    ['queue show 0123456789abcdef --mail > mail.eml', 'Write the bytes of its mail to a file.'],
  ],
  options: { mail: { doc: 'Write the bytes of the mail, and nothing else.' } },
  run: async ({ args, options, out, connect }) => {
    const [id = ''] = exactly(args, 'ID');
    const { store, blobs } = await connect();
    const item = await findItem(store, id);
    if (options.flag('mail')) {
      const bytes = item.blob === undefined ? undefined : await (await blobs()).get(item.blob);
      if (bytes === undefined) throw new CommandError(`No mail is kept with the item ${id}`);
      out.bytes(bytes);
      return;
    }
    const message = shuntedMessage(item);
    out.result(
      { ...item, message: message ?? null },
      [
        columns([
          ['item', item.id],
          ['queue', item.queue],
          ['list', item.list_id ?? '-'],
          ['since', item.first_at],
          ['last', item.at],
          ['mail', item.blob === undefined ? 'not kept' : 'kept; --mail shows it'],
          ['reason', item.reason],
        ]),
        '',
        message === undefined ? item.body : JSON.stringify(message, null, 2),
        ...(item.stack === '' ? [] : ['', item.stack]),
      ].join('\n'),
    );
  },
};
