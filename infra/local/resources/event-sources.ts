import { z } from 'zod';
import type { EventSourceMapping } from '../events/poller.ts';
import { region } from '../names.ts';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template, TemplateError } from '../template.ts';
import type { QueueSpec } from './queues.ts';

const mappingSchema = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  // AWS's defaults, from the reference of AWS::Lambda::EventSourceMapping.
  BatchSize: z.number().default(10),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  // Without a maximum Lambda starts with five concurrent batches and adds more; here it stays at five.
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number() }).default({ MaximumConcurrency: 5 }),
  Enabled: z.literal(true).default(true),
  Tags: z.unknown().optional(),
});

/** What feeds the functions from the queues, as the template declares it. */
export const eventSourcesOf = (
  template: Template,
  names: Names,
  queues: readonly QueueSpec[],
): readonly EventSourceMapping[] =>
  ofType(template, 'AWS::Lambda::EventSourceMapping').map(([id, { Properties }]) => {
    const mapping = propertiesOf(mappingSchema, id, resolved(Properties, names));
    const queue = queues.find(({ arn }) => arn === mapping.EventSourceArn);
    if (queue === undefined)
      throw new TemplateError(`${id} is fed by ${mapping.EventSourceArn}, which is no queue`);
    return {
      functionName: mapping.FunctionName,
      queueUrl: queue.url,
      queueArn: queue.arn,
      region,
      visibilityMs: queue.visibilityMs,
      batchSize: mapping.BatchSize,
      windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
      maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
      reportsItemFailures: mapping.FunctionResponseTypes.length > 0,
    };
  });
