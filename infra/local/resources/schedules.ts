import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template, TemplateError } from '../template.ts';
import { functionName } from './names.ts';

/** A rule of the template that calls a function by the clock. */
export interface ScheduleSpec {
  readonly functionName: string;
  readonly ruleArn: string;
  readonly everyMs: number;
}

const ruleSchema = z.strictObject({
  ScheduleExpression: z.string(),
  State: z.literal('ENABLED').default('ENABLED'),
  Targets: z.tuple([z.strictObject({ Arn: z.string(), Id: z.string() })]),
  Description: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads `rate(1 hour)`, as EventBridge's "Setting a schedule pattern for scheduled rules" defines it; cron() is not used here. */
export const rateMs = (expression: string): number => {
  const [, count, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const ms = unitMs[unit];
  if (ms === undefined) throw new TemplateError(`The local stack does not know the schedule ${expression}`);
  return Number(count) * ms;
};

/** What calls functions by the clock, as the template declares it. */
export const schedulesOf = (template: Template, names: Names): readonly ScheduleSpec[] =>
  ofType(template, 'AWS::Events::Rule').map(([id, { Properties }]) => {
    const rule = propertiesOf(ruleSchema, id, resolved(Properties, names));
    const [target] = rule.Targets;
    const called = ofType(template, 'AWS::Lambda::Function').find(
      ([logicalId]) => names.get(logicalId)?.attributes.Arn === target.Arn,
    );
    if (called === undefined) throw new TemplateError(`${id} calls ${target.Arn}, which is no function`);
    return {
      functionName: functionName(called[0]),
      ruleArn: `${target.Arn.slice(0, target.Arn.indexOf(':function:')).replace(':lambda:', ':events:')}:rule/${id}`,
      everyMs: rateMs(rule.ScheduleExpression),
    };
  });
