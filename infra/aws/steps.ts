import type { Site } from '../../lib/config/site.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import type { Actor, FunctionName } from './names.ts';

/** One step of the way of a mail: which queues feed it, in what portions, and where it may send on to. */
export interface Step {
  readonly name: FunctionName;
  readonly feeds: readonly [QueueName, ...QueueName[]];
  readonly batchSize: number;
  readonly sendsTo: readonly QueueName[];
}

/** What is done by the clock. */
export interface Chore {
  readonly name: FunctionName;
  readonly everyMinutes: number;
  /** How long it may take, in seconds: at most 900 (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
  readonly timeout: number;
  readonly sendsTo: readonly QueueName[];
  /** After how many calls in a row that failed somebody is told, and what that means for people. */
  readonly alarm: { readonly periods: number; readonly says: string; readonly section: string };
}

/**
 * The way of a mail (design, section 1), from top to bottom. The function outgoing takes one message at a time: a chunk is seconds of work, and
 * chunks that wait behind another one in a batch would use up their visibility time (design, section 4).
 */
export const steps: readonly Step[] = [
  { name: 'incoming', feeds: ['in'], batchSize: 10, sendsTo: ['pipeline', 'command'] },
  { name: 'pipeline', feeds: ['pipeline'], batchSize: 10, sendsTo: ['out'] },
  {
    name: 'outgoing',
    feeds: ['out', 'retry'],
    batchSize: 1,
    sendsTo: ['out', 'retry', 'bounces', 'command'],
  },
  { name: 'command', feeds: ['command'], batchSize: 10, sendsTo: ['pipeline', 'command'] },
  { name: 'bounce', feeds: ['bounces'], batchSize: 10, sendsTo: ['pipeline', 'command'] },
  { name: 'dead-letters', feeds: ['dead'], batchSize: 10, sendsTo: [] },
];

/** What is done by the clock: holds are counted in days, so an hour is soon enough. */
export const chores: readonly Chore[] = [
  {
    name: 'scheduled',
    everyMinutes: 60,
    timeout: 300,
    sendsTo: ['command', 'bounces'],
    alarm: {
      periods: 2,
      says: 'The function scheduled failed each time for two hours. What is due by the clock is late: holds that should have ended go on, and members whose mail bounces are not warned.',
      section: 'clockwork-fails',
    },
  },
];

/** What is done by the clock where mail leaves through Amazon SES: who sends must know the rate that the account has now (design, section 5). */
const sesChores: readonly Chore[] = [
  {
    name: 'quota',
    everyMinutes: 1,
    timeout: 30,
    sendsTo: [],
    alarm: {
      periods: 10,
      says: 'The function quota failed each time for ten minutes. Posts leave at the rate that Amazon SES granted before, and nobody sees when it changes.',
      section: 'quota-unread',
    },
  },
];

/** What is done by the clock at a site. */
export const choresOf = ({ delivery }: Pick<Site, 'delivery'>): readonly Chore[] =>
  delivery.transport === 'ses' ? [...chores, ...sesChores] : chores;

/** What neither queues nor the clock call: the gateway's clients, and people who open a page. */
const calledFromOutside: Readonly<Partial<Record<Actor, readonly QueueName[]>>> = {
  gateway: ['in', 'command', 'bounces'],
  web: ['pipeline', 'command'],
};

/** The functions whose mails link to the web pages. */
export const writesLinks: ReadonlySet<FunctionName> = new Set(['incoming', 'outgoing', 'command']);

/** The queues that each actor may send to. */
export const sendsTo = (actor: Actor): readonly QueueName[] =>
  calledFromOutside[actor] ??
  [...steps, ...chores, ...sesChores].find(({ name }) => name === actor)?.sendsTo ??
  [];

/** The queues that feed each actor. */
export const fedBy = (actor: Actor): readonly QueueName[] =>
  steps.find(({ name }) => name === actor)?.feeds ?? [];
