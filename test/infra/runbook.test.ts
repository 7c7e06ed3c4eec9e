import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { synthesize } from './synthesized.ts';

// With Amazon SES there are all alarms that there can be.
const { template } = synthesize({
  delivery: { transport: 'ses' },
  ses: { domains: ['lists.example.com'] },
});
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => ({
  name: String(Properties.AlarmName),
  says: String(Properties.AlarmDescription),
  actions: Properties.AlarmActions,
}));
const runbook = readFileSync(path.join(checkout, 'docs/runbook.md'), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.slice(0, section.indexOf('\n')).trim().toLowerCase().replaceAll(' ', '-'),
      section,
    ]),
);
const sectionOf = (says: string): string => says.slice(says.lastIndexOf('#') + 1);

describe.each(alarms)('the alarm $name', ({ says, actions }) => {
  it('says what is wrong in a sentence, and where the runbook tells what to do', () => {
    expect(says).toMatch(/^[A-Z].*\. What to do: docs\/runbook\.md#[a-z-]+$/);
    expect([...sections.keys()]).toContain(sectionOf(says));
  });

  it('mails the site owner', () => {
    expect(actions).toEqual([{ Ref: 'AlarmTopic' }]);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'changeme@example.com',
      TopicArn: { Ref: 'AlarmTopic' },
    });
  });
});

describe('the runbook', () => {
  const ofAlarms = new Set(alarms.map(({ says }) => sectionOf(says)));

  it('has no section on an alarm that does not exist', () => {
    const chores = ['a-new-certificate', 'the-stack-is-to-be-removed'];
    expect([...sections.keys()].filter((name) => !chores.includes(name)).toSorted()).toEqual(
      [...ofAlarms].toSorted(),
    );
  });

  it.each([...ofAlarms])('%s: describes, investigates, resolves, and says when not to', (name) => {
    const heads = [...(sections.get(name) ?? '').matchAll(/^### (.*)$/gm)].map(([, head]) => head);
    expect(heads).toEqual(['Description', 'Investigation', 'Resolution', 'When not to']);
  });
});

describe('every queue and every function', () => {
  it('has its alarm', () => {
    const names = alarms.map(({ name }) => name);
    for (const [id] of Object.entries(template.findResources('AWS::SQS::Queue'))) {
      expect(names).toContain(`Belfry-${id}Old`);
    }
    for (const [id] of Object.entries(template.findResources('AWS::Lambda::Function'))) {
      expect(names).toContain(`Belfry-${id}Fails`);
    }
  });
});
