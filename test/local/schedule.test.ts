import { describe, expect, it } from 'vitest';
import { Schedule } from '../../infra/local/events/schedule.ts';
import type { Names } from '../../infra/local/resolve.ts';
import { rateMs, schedulesOf } from '../../infra/local/resources/schedules.ts';
import { type Template, TemplateError } from '../../infra/local/template.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:scheduled';

describe('what the template calls by the clock', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('%s', (expression, ms) => {
    expect(rateMs(expression)).toBe(ms);
  });

  it.each(['rate(0 hours)', 'rate(1 week)', 'cron(0 12 * * ? *)', 'hourly'])(
    'is refused when it is %s',
    (expression) => {
      expect(() => rateMs(expression)).toThrow(TemplateError);
    },
  );

  const template = (rule: Template['resources'][string]['Properties']): Template => ({
    resources: {
      ScheduledFunction: { Type: 'AWS::Lambda::Function', Properties: {} },
      ScheduledSchedule: { Type: 'AWS::Events::Rule', Properties: rule },
    },
    outputs: {},
    assetDir: () => '',
  });
  const names: Names = new Map([
    ['ScheduledFunction', { ref: 'scheduled', attributes: { Arn: functionArn } }],
  ]);
  const target = { Arn: { 'Fn::GetAtt': ['ScheduledFunction', 'Arn'] }, Id: 'Target0' };

  it('is a function, how often, and by which rule', () => {
    const rule = { ScheduleExpression: 'rate(1 hour)', State: 'ENABLED', Targets: [target] };
    expect(schedulesOf(template(rule), names)).toEqual([
      {
        functionName: 'scheduled',
        ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/ScheduledSchedule',
        everyMs: 3_600_000,
      },
    ]);
  });

  it('is refused when it is a rule that the local stack would not follow', () => {
    for (const rule of [
      { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED', Targets: [target] },
      { ScheduleExpression: 'rate(1 hour)', Targets: [{ Arn: 'arn:aws:sqs:x', Id: 'Target0' }] },
      { EventPattern: { source: ['aws.s3'] }, Targets: [target] },
    ]) {
      expect(() => schedulesOf(template(rule), names)).toThrow(TemplateError);
    }
  });
});

describe('a schedule', () => {
  it('calls its function again and again with an event of EventBridge, also after a failure, until it is stopped', async () => {
    const events: string[] = [];
    const warnings: string[] = [];
    const thrice = Promise.withResolvers<void>();
    const spec = { functionName: 'scheduled', ruleArn: 'arn:aws:events:x:y:rule/r', everyMs: 1 };
    const schedule = new Schedule(spec, {
      invoke: (event) => {
        events.push(event);
        if (events.length === 3) thrice.resolve();
        return Promise.resolve({ ok: false, reason: 'it died' });
      },
      warn: (problem) => warnings.push(problem),
    });
    // The timer alone keeps no process alive, so this one waits for something else meanwhile.
    const alive = setInterval(() => undefined, 1000);
    await thrice.promise;
    schedule.stop();
    clearInterval(alive);
    const called = events.length;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(events).toHaveLength(called);
    expect(JSON.parse(events[0] ?? '')).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: ['arn:aws:events:x:y:rule/r'],
    });
    expect(warnings[0]).toBe('The scheduled call of scheduled failed: it died');
  });
});
