import type { FunctionSpec } from './function-spec.ts';

/** What Lambda itself puts into the environment of a function ("Defined runtime environment variables"). */
export const lambdaVariables = (spec: FunctionSpec, region: string): Record<string, string> => ({
  _HANDLER: spec.handler,
  LAMBDA_TASK_ROOT: spec.dir,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMiB),
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
});

/**
 * Node's own options: those of the template, and the heap is bounded by the function's memory, since nothing else bounds a process here as Lambda
 * bounds its sandbox. Lambda leaves about a tenth to what is not heap.
 */
export const nodeOptions = (spec: FunctionSpec, more = ''): string =>
  [`--max-old-space-size=${Math.floor(spec.memoryMiB * 0.9)}`, spec.environment.NODE_OPTIONS, more]
    .filter(Boolean)
    .join(' ');
