import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import { synthesize } from './synthesized.ts';

const { template } = synthesize();

/** What a filter of CloudWatch's asks for, as far as ours are written: fields with values, joined by &&. */
const asked = (pattern: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...pattern.matchAll(/\$\.(\w+) = "([^"]*)"/g)].map(([, field = '', value = '']) => [field, value]),
  );

const filters = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => ({
  log: JSON.stringify(Properties.LogGroupName),
  pattern: String(Properties.FilterPattern),
  metric: String(Properties.MetricTransformations[0].MetricName),
  value: String(Properties.MetricTransformations[0].MetricValue),
}));

/** The metrics that a line of the mail log counts in, and what it counts for there. */
const countedIn = (line: string, log: string): Readonly<Record<string, unknown>> => {
  const event: Record<string, unknown> = JSON.parse(line);
  const found = filters.filter(
    (filter) =>
      filter.log.includes(log) &&
      Object.entries(asked(filter.pattern)).every(([field, value]) => event[field] === value),
  );
  return Object.fromEntries(
    found.map(({ metric, value }) => [
      metric,
      value.startsWith('$.') ? event[value.slice(2)] : Number(value),
    ]),
  );
};

const lines: string[] = [];
const log = mailLogTo((line) => lines.push(line));
const last = (): string => lines.at(-1) ?? '';

it('a post that was refused is counted, and one that was given up for some is not', () => {
  const about = { id: 'p', list: 'ant.example.com', reply: '554 5.6.0', told: true };
  log.troubled({ ...about, trouble: 'refused-post' });
  expect(countedIn(last(), 'Command')).toEqual({ PostsRefused: 1 });
  log.troubled({ ...about, trouble: 'given-up' });
  expect(countedIn(last(), 'Command')).toEqual({});
});

it('members who were refused for no fault of theirs are counted apart from those who bounce', () => {
  log.bounced({
    id: 'p',
    list: 'ant.example.com',
    source: 'relay',
    hard: 2,
    soft: 0,
    blocked: 7,
    complaints: 0,
    unrecognised: 0,
    did: {},
  });
  expect(countedIn(last(), 'Bounce')).toEqual({ HardBounces: 2, Complaints: 0, RefusedCopies: 7 });
});

it('copies that were delivered are counted, which the rates are of', () => {
  log.attempted({
    id: 'p',
    list: 'ant.example.com',
    chunk: 0,
    attempt: 0,
    delivered: 40,
    deferred: 1,
    ended: 2,
    possiblyDoubled: 0,
    replies: {},
  });
  expect(countedIn(last(), 'Outgoing')).toEqual({ Delivered: 40 });
});

/** An alarm on a rate: the metrics that it reads, by the name that its expression has for each, and when it rings. */
const rateOf = (name: string) => {
  const [alarm] = Object.values(
    template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: `Belfry-${name}` } }),
  );
  const metrics: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: { readonly MetricName: string }; readonly Period: number };
  }[] = alarm?.Properties.Metrics;
  const [, atLeast] =
    /^IF\(came >= (\d+), 100 \* came \/ \(FILL\(delivered, 0\) \+ came\), 0\)$/.exec(
      metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '',
    ) ?? [];
  return {
    atLeast: Number(atLeast),
    percent: alarm?.Properties.Threshold,
    rings: alarm?.Properties.ComparisonOperator,
    of: Object.fromEntries(
      metrics.flatMap(({ Id, MetricStat }) =>
        MetricStat === undefined ? [] : [[Id, [MetricStat.Metric.MetricName, MetricStat.Period]]],
      ),
    ),
  };
};

// AWS reviews an account at 5 % of bounces and 0.1 % of complaints; what the runbook says of our alarms is held here.
it.each([
  ['MembersBounce', 'HardBounces', 10, 3, 5],
  ['MembersComplain', 'Complaints', 3, 0.05, 0.1],
  ['MembersRefused', 'RefusedCopies', 3, 3, 100],
])(
  '%s rings by the share of %s in what was delivered in a day, well before anybody else looks',
  (name, came, atLeast, percent, review) => {
    expect(rateOf(name)).toEqual({
      atLeast,
      percent,
      rings: 'GreaterThanThreshold',
      of: { came: [came, 86_400], delivered: ['Delivered', 86_400] },
    });
    expect(percent).toBeLessThan(review);
    const runbook = readFileSync(path.join(checkout, 'docs/runbook.md'), 'utf8');
    expect(runbook).toContain(`more than ${percent} %`);
    expect(runbook).toContain(`at least ${atLeast})`);
  },
);

it.each(['PostRefused', 'MembersRefused', 'MembersBounce', 'MembersComplain'])('%s rings', (name) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: `Belfry-${name}`,
    AlarmActions: [{ Ref: 'AlarmTopic' }],
  });
});
