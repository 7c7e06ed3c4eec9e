import { readParked } from '../../lib/posts/delivery-report.ts';
import type { ShuntItem } from '../../lib/posts/mail-record.ts';
import { columns } from '../cli/output.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { parkedText } from '../post/delivery-rows.ts';

const itemText = ({ id, queue, list_id, first_at, reason }: ShuntItem): string =>
  `${id}  ${first_at}  ${queue}  ${list_id ?? '-'}\n  ${reason}`;

/** `queue ls` */
export const verb: Verb = {
  summary: 'Show how much waits in each queue, whether delivery is parked, and what is in the shunt.',
  usage: '',
  details: [
    'Delivery is parked while the relay refuses us: everything waits, and nobody bounces. In the shunt is what failed by a defect of Belfry, or of what it runs on. It stays until queue redrive puts it on its',
    'queue again, or queue drop throws it away. The numbers of the queues are approximate, as SQS tells them.',
  ].join('\n'),
  examples: [['queue ls', 'Show queues and shunt.']],
  options: {},
  run: async ({ args, out, connect }) => {
    exactly(args);
    const { store, depths } = await connect();
    const queues = await depths();
    const parked = await readParked({ store });
    const shunt: ShuntItem[] = [];
    for await (const item of store.shunt.ls()) shunt.push(item);
    const rows = queues.map(({ name, waiting, under_way, delayed }) =>
      [name, waiting, under_way, delayed].map(String),
    );
    out.result(
      { queues, parked: parked ?? null, shunt: shunt.map(({ stack: _stack, body: _body, ...item }) => item) },
      [
        columns([['queue', 'waiting', 'under way', 'delayed'], ...rows]),
        ...(parked === undefined
          ? []
          : [
              '',
              `Delivery is parked ${parkedText(parked)}.`,
              'To go on at once: npx belfry queue resume out',
            ]),
        '',
        shunt.length === 0 ? 'The shunt is empty.' : `In the shunt: ${shunt.length}`,
        ...shunt.map(itemText),
      ].join('\n'),
    );
  },
};
