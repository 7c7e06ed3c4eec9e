import { expect, it } from 'vitest';
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

it.each(['PostRefused', 'MembersRefused'])('%s rings', (name) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: `Belfry-${name}`,
    AlarmActions: [{ Ref: 'AlarmTopic' }],
  });
});
