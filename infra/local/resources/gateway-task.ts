import { z } from 'zod';
import { logicalIds } from '../../aws/names.ts';
import { type Names, resolved } from '../resolve.ts';
import { propertiesOf, type Template, TemplateError } from '../template.ts';

const taskSchema = z.looseObject({
  ContainerDefinitions: z.tuple([
    z.looseObject({
      Environment: z.array(z.strictObject({ Name: z.string(), Value: z.unknown() })),
    }),
  ]),
});

const variablesSchema = z.record(z.string(), z.string());

/** The environment that the template gives to the container of the gateway. */
export const gatewayEnvironment = (template: Template, names: Names): Readonly<Record<string, string>> => {
  const id = logicalIds.gatewayTask;
  const task = template.resources[id];
  if (task === undefined) throw new TemplateError(`The template declares no ${id}`);
  const [{ Environment }] = propertiesOf(taskSchema, id, task.Properties).ContainerDefinitions;
  const variables = Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));
  return propertiesOf(variablesSchema, id, resolved(variables, names));
};
