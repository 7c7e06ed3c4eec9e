import type { DeliveryReport, ParkedReport } from '../../lib/posts/delivery-report.ts';
import { codeWords } from '../../lib/posts/reply-words.ts';

type Row = readonly string[];

/** How a post is delivered, in words. */
const wayOf = ({ plan: { personalize, verp }, transport, sender }: DeliveryReport): string => {
  // What SES does not let us choose: how many recipients share a copy, and the envelope sender (design, section 5).
  if (transport === 'ses') {
    const own = personalize === 'none' ? '' : ` (personalize: ${personalize})`;
    return `a copy for each recipient${own}, each in a call of its own to Amazon SES, from a sender of its making`;
  }
  if (verp) return 'a copy for each recipient, each with a sender of its own (VERP)';
  return personalize === 'none'
    ? `one copy for many recipients, from ${sender}`
    : `a copy for each recipient (personalize: ${personalize}), from ${sender}`;
};

/** That delivery is parked, in words. */
export const parkedText = ({ reason, since, until }: ParkedReport): string =>
  `since ${since}: ${reason}; nobody is tried before ${until}, and nobody's time runs on`;

const counted = (name: string, count: number): readonly Row[] => (count === 0 ? [] : [[name, String(count)]]);

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** A message that is due waits for a function at most, and one that is put off for its time. */
const nextText = (at: string | undefined, by: string): string => (at === undefined ? `by ${by}` : `at ${at}`);

const waitingRows = ({ waiting, waits, not_tried, began_at }: DeliveryReport): readonly Row[] => {
  if (waiting === undefined || waits + not_tried === 0) return [];
  const { attempts, next_attempt_at, next_attempt_by, give_up_at, chunks_under_way, parked } = waiting;
  return [
    ['waiting since', `${began_at}${attempts === 0 ? '' : `, tried ${times(attempts)}`}`],
    ['next attempt', chunks_under_way > 0 ? 'now' : nextText(next_attempt_at, next_attempt_by)],
    ...(give_up_at === undefined ? [] : [['given up', `from ${give_up_at} on`]]),
    ...(parked === undefined ? [] : [['parked', parkedText(parked)]]),
  ];
};

const replyRows = ({ replies }: DeliveryReport): readonly Row[] =>
  Object.entries(replies)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count], index) => [index === 0 ? 'why' : '', `${count}: ${codeWords(code)} (${code})`]);

/** How the delivery of a post stands, as rows for a person. */
export const deliveryRows = (delivery: DeliveryReport): readonly Row[] => [
  ['delivery', wayOf(delivery)],
  ['recipients', `${delivery.recipients} in ${delivery.chunks} chunks`],
  ['delivered', String(delivery.delivered)],
  ['put off', String(delivery.waits)],
  ['not tried yet', String(delivery.not_tried)],
  ['refused', String(delivery.refused)],
  ...counted('given up', delivery.given_up),
  ...counted('left the list', delivery.left),
  ...counted('possibly doubled', delivery.possibly_doubled),
  ...(delivery.forgotten_chunks === 0 ? [] : [['expired', `${delivery.forgotten_chunks} chunks`]]),
  ...waitingRows(delivery),
  ...replyRows(delivery),
];
