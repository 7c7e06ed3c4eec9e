import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template, TemplateError } from '../template.ts';
import { functionName } from './names.ts';

const urlSchema = z.strictObject({
  AuthType: z.literal('NONE'),
  TargetFunctionArn: z.string(),
});

/** Whether any function has a URL of its own. */
export const hasFunctionUrl = (template: Template): boolean =>
  ofType(template, 'AWS::Lambda::Url').length > 0;

/** The name of the function that has a URL of its own; undefined when none has. */
export const functionWithUrl = (template: Template, names: Names): string | undefined => {
  const [found, ...more] = ofType(template, 'AWS::Lambda::Url');
  if (found === undefined) return undefined;
  if (more.length > 0)
    throw new TemplateError('The local stack knows one function URL, and the template has more');
  const [id, { Properties }] = found;
  const { TargetFunctionArn: target } = propertiesOf(urlSchema, id, resolved(Properties, names));
  const called = ofType(template, 'AWS::Lambda::Function').find(([logicalId]) => {
    const own = names.get(logicalId);
    return own?.attributes.Arn === target || own?.ref === target;
  });
  if (called === undefined) throw new TemplateError(`${id} is the URL of ${target}, which is no function`);
  return functionName(called[0]);
};
