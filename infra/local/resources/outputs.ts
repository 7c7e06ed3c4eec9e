import type { QueueName } from '../../../lib/queue/names.ts';
import { outputs } from '../../aws/names.ts';
import { type Names, resolved } from '../resolve.ts';
import { type Template, TemplateError } from '../template.ts';

/** What the stack made, by the names that its outputs give. */
export interface Made {
  readonly table: string;
  readonly bucket: string;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
}

/** Reads from the outputs of the template what tools need to know. */
export const madeBy = (template: Template, names: Names): Made => {
  const output = (name: string): string => {
    const value = resolved(template.outputs[name]?.Value, names);
    if (typeof value !== 'string') throw new TemplateError(`The template has no output ${name}`);
    return value;
  };
  const url = (name: QueueName): string => output(outputs.queueUrl(name));
  return {
    table: output(outputs.table),
    bucket: output(outputs.bucket),
    queueUrls: {
      in: url('in'),
      pipeline: url('pipeline'),
      out: url('out'),
      retry: url('retry'),
      command: url('command'),
      bounces: url('bounces'),
      dead: url('dead'),
    },
  };
};
