import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logicalIds } from '../../infra/aws/names.ts';
import type { Assembly } from '../../infra/local/assembly.ts';
import { account } from '../../infra/local/names.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { variables } from '../../lib/config/environment.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { type Stack, startStack } from '../../test/harness/stack.ts';
import type { CountingSink } from '../load/counting-sink.ts';
import { newPost, postOnce } from '../load/post-once.ts';
import { progress } from '../report/results.ts';
import { giveMembers } from '../stack/many-members.ts';
import { startMeter, type Used } from './aws-meter.ts';
import { type LambdaUsed, startLambdaMeter } from './lambda-meter.ts';
import { prices } from './prices.ts';

/** What one post used and costs, in dollars by the kind of thing. */
export interface Priced {
  readonly members: number;
  readonly used: Used & LambdaUsed & { readonly logBytes: number; readonly logLines: number };
  readonly dollars: Readonly<Record<'DynamoDB' | 'S3' | 'SQS' | 'Lambda' | 'logs', number>>;
  readonly total: number;
}

/**
 * AWS is farther away than the emulators: so much longer than here each request is reckoned to last, one after the other, though many
 * run side by side. It is an upper bound on the time that Lambda bills.
 */
const fartherMs = 15;

/** CloudWatch Logs bills 26 bytes with each line (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const logLineBytes = 26;

const logOf = (folder: string): { readonly bytes: number; readonly lines: number } => {
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
  return {
    bytes: texts.reduce((sum, text) => sum + text.length, 0),
    lines: texts.reduce((sum, text) => sum + text.toString('latin1').split('\n').length - 1, 0),
  };
};

/** What was used, in dollars. */
export const dollarsOf = (used: Priced['used'], memoryMiB: number): Priced['dollars'] => {
  const seconds = (used.milliseconds + used.requests * fartherMs) / 1000;
  return {
    DynamoDB: used.writeUnits * prices.writeUnit + used.readUnits * prices.readUnit,
    S3: used.s3Puts * prices.s3Put + used.s3Gets * prices.s3Get,
    // Each message is received and deleted; a batch of them would cost less.
    SQS:
      (used.sqsSends + used.sqsMessages * 2) * prices.sqsRequest + used.sqsMessages * prices.sqsFairMessage,
    Lambda: ((seconds * memoryMiB) / 1024) * prices.lambdaGbSecond + used.invocations * prices.lambdaRequest,
    logs: ((used.logBytes + used.logLines * logLineBytes) / 1e9) * prices.logGb,
  };
};

/** How a post is priced that does not leave in bulk by a relay. */
export interface PricedWay {
  /** The list setting. */
  readonly personalize?: 'none' | 'individual';
  /** Site settings that decide nothing in the template. */
  readonly lateConfig?: SiteOverrides;
  /** What is done to the stack before. */
  readonly setUp?: (stack: Stack) => Promise<void>;
}

/**
 * The price of one post: gateway and functions reach the emulators through a meter. It is a post of its own, because the meter costs
 * time.
 */
export const pricePost = async (
  assembly: Assembly,
  sink: CountingSink,
  members: number,
  { personalize = 'none', lateConfig = {}, setUp }: PricedWay = {},
): Promise<Priced> => {
  progress(`the price of a post to ${members} members`);
  const workDir = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
  const meter = await startMeter();
  const lambda = startLambdaMeter();
  const throughMeter = {
    AWS_ENDPOINT_URL_SQS: meter.endpoints.sqs,
    AWS_ENDPOINT_URL_S3: meter.endpoints.s3,
    AWS_ENDPOINT_URL_DYNAMODB: meter.endpoints.dynamodb,
    // The SDK sends to the host that the URL of the queue names.
    ...Object.fromEntries(
      queueNames.map((name) => [
        variables.queue(name),
        `${meter.endpoints.sqs}/${account}/${logicalIds.queue(name)}`,
      ]),
    ),
  };
  const stack = await startStack({
    assembly,
    lateConfig,
    workDir,
    relay: { host: '127.0.0.1', port: sink.port },
    functionEnv: throughMeter,
    gatewayEnv: throughMeter,
  });
  meter.standBefore(stack.endpoints);
  try {
    const { store, site } = stack;
    const list = await createList('ant@example.com', { store, site, clock: systemClock });
    await store.lists.set(list.list_id, { personalize });
    await giveMembers(stack, list, members);
    await setUp?.(stack);
    const before = logOf(join(workDir, 'log'));
    meter.read();
    lambda.read();
    await postOnce(stack, sink, {
      address: 'ant@example.com',
      members,
      mail: newPost('ant@example.com', 'priced'),
    });
    const after = logOf(join(workDir, 'log'));
    const used = {
      ...meter.read(),
      ...lambda.read(),
      logBytes: after.bytes - before.bytes,
      logLines: after.lines - before.lines,
    };
    const dollars = dollarsOf(used, site.functions.memory);
    const total = Object.values(dollars).reduce((sum, part) => sum + part, 0);
    return { members, used, dollars, total };
  } finally {
    await stack.stop();
    lambda.stop();
    await meter.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
};
