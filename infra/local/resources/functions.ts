import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import type { FunctionSpec } from '../runtime/function-spec.ts';
import { ofType, propertiesOf, type Template } from '../template.ts';
import { functionName } from './names.ts';

const functionSchema = z.strictObject({
  Code: z.looseObject({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.literal('nodejs24.x'),
  // AWS's defaults, from the reference of AWS::Lambda::Function.
  MemorySize: z.number().default(128),
  Timeout: z.number().default(3),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.unknown()) }).optional(),
  // The processor, rights, logs, network, reservations and loop detection of AWS.
  Architectures: z.unknown().optional(),
  Description: z.unknown().optional(),
  LoggingConfig: z.unknown().optional(),
  RecursiveLoop: z.unknown().optional(),
  ReservedConcurrentExecutions: z.unknown().optional(),
  Role: z.unknown().optional(),
  Tags: z.unknown().optional(),
  TracingConfig: z.unknown().optional(),
  VpcConfig: z.unknown().optional(),
});

const variablesSchema = z.record(z.string(), z.string());

/** The functions that the template declares. */
export const functionsOf = (template: Template, names: Names): readonly FunctionSpec[] =>
  ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
    const { Code, Handler, MemorySize, Timeout, Environment } = propertiesOf(functionSchema, id, Properties);
    return {
      name: functionName(id),
      arn: names.get(id)?.attributes.Arn ?? '',
      // The key of an asset is its hash and an ending.
      dir: template.assetDir(Code.S3Key.replace(/\.\w+$/, '')),
      handler: Handler,
      memoryMiB: MemorySize,
      timeoutMs: Timeout * 1000,
      environment: propertiesOf(variablesSchema, id, resolved(Environment?.Variables ?? {}, names)),
    };
  });
