import { postingAddress } from '../../lib/lists/list.ts';
import { personShown } from '../../lib/notices/about-subscription.ts';
import { type requestStates, type SubscriptionRequest, waits } from '../../lib/subscriptions/request.ts';
import { UsageError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findList } from '../list/find-list.ts';
import { requestObject } from './request-object.ts';

const waitingStates = [
  'invited',
  'confirming',
  'moderating',
] as const satisfies readonly (typeof requestStates)[number][];

const waitsFor = {
  invited: 'invited, and has to confirm',
  confirming: 'has to confirm',
  moderating: 'waits for a moderator',
} as const;

const shown = (request: SubscriptionRequest): string => {
  const state = waitingStates.find((known) => known === request.state);
  const until = state === undefined ? request.state : waitsFor[state];
  return `${request.changed_at}  ${request.kind.padEnd(5)}  ${personShown(request)}: ${until}`;
};

async function* waiting(requests: AsyncIterable<SubscriptionRequest>) {
  for await (const request of requests) {
    if (waits(request)) yield { request, toJSON: () => requestObject(request) };
  }
}

/** `request ls` */
export const verb: Verb = {
  summary: 'Show the requests to join or to leave that wait.',
  usage: 'LIST',
  details: 'First those to join, then those to leave, by address. With --json, each has its token.',
  examples: [
    ['request ls ant@example.com', 'Show what waits.'],
    ['request ls ant@example.com --state moderating', 'Show what waits for a moderator.'],
  ],
  options: {
    state: { takes: 'STATE', doc: `Only those in this state: ${waitingStates.join(', ')}.` },
  },
  run: async ({ args, options, out, connect }) => {
    const [name = ''] = exactly(args, 'LIST');
    const given = options.text('state');
    const state = waitingStates.find((known) => known === given);
    if (given !== undefined && state === undefined) {
      throw new UsageError(`--state is one of ${waitingStates.join(', ')}, not "${given}"`);
    }
    const { store, clock } = await connect();
    const list = await findList(store, name);
    const asked = { now: clock.now(), ...(state === undefined ? {} : { state }) };
    await out.items(
      waiting(store.requests.ls(list.list_id, asked)),
      ({ request }) => shown(request),
      `Nobody waits to join or to leave ${postingAddress(list)}.`,
    );
  },
};
