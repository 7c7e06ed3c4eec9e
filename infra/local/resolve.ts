import { account, region } from './names.ts';
import { TemplateError } from './template.ts';

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export interface ResourceNames {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The names of the resources by logical id. */
export type Names = ReadonlyMap<string, ResourceNames>;

// The pseudo parameters of CloudFormation, as far as they have a meaning here.
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackName': 'Belfry',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `AWS::NoValue` gives: the property is as if it had not been written. */
const noValue = Symbol('AWS::NoValue');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reference = (id: string, names: Names): string => {
  const value = pseudoParameters[id] ?? names.get(id)?.ref;
  if (value === undefined)
    throw new TemplateError(`The local stack does not make ${id}, to which the template refers`);
  return value;
};

const attribute = (id: string, name: string, names: Names): string => {
  const value = names.get(id)?.attributes[name];
  if (value === undefined)
    throw new TemplateError(`The local stack does not know ${name} of ${id}, to which the template refers`);
  return value;
};

const text = (value: unknown, names: Names): string => {
  const resolved = resolvedInside(value, names);
  if (typeof resolved === 'string' || typeof resolved === 'number') return String(resolved);
  throw new TemplateError(`A text is expected in the template, not ${JSON.stringify(resolved)}`);
};

const join = (given: unknown, names: Names): string => {
  const [separator, parts] = Array.isArray(given) ? given : [];
  if (typeof separator !== 'string' || !Array.isArray(parts))
    throw new TemplateError(`Fn::Join cannot be read: ${JSON.stringify(given)}`);
  return parts.map((part) => text(part, names)).join(separator);
};

const getAtt = (given: unknown, names: Names): string => {
  const [id, name] = typeof given === 'string' ? given.split(/\.(.*)/s) : Array.isArray(given) ? given : [];
  if (typeof id !== 'string' || typeof name !== 'string')
    throw new TemplateError(`Fn::GetAtt cannot be read: ${JSON.stringify(given)}`);
  return attribute(id, name, names);
};

const substitute = (given: unknown, names: Names): string => {
  const [pattern, own] = Array.isArray(given) ? given : [given, {}];
  if (typeof pattern !== 'string' || !isObject(own))
    throw new TemplateError(`Fn::Sub cannot be read: ${JSON.stringify(given)}`);
  return pattern.replace(/\$\{(!?)([^}]*)\}/g, (whole, literal: string, name: string) => {
    // ${!x} stands for the text ${x}.
    if (literal === '!') return whole.replace('!', '');
    if (name in own) return text(own[name], names);
    return name.includes('.') ? getAtt(name, names) : reference(name, names);
  });
};

const select = (given: unknown, names: Names): unknown => {
  const [index, list] = Array.isArray(given) ? given : [];
  const values = resolvedInside(list, names);
  const value = Array.isArray(values) ? values[Number(index)] : undefined;
  if (value === undefined) throw new TemplateError(`Fn::Select cannot be read: ${JSON.stringify(given)}`);
  return value;
};

const split = (given: unknown, names: Names): unknown => {
  const [separator, whole] = Array.isArray(given) ? given : [];
  if (typeof separator !== 'string')
    throw new TemplateError(`Fn::Split cannot be read: ${JSON.stringify(given)}`);
  return text(whole, names).split(separator);
};

const intrinsics: Readonly<Record<string, (given: unknown, names: Names) => unknown>> = {
  Ref: (given, names) => (given === 'AWS::NoValue' ? noValue : reference(String(given), names)),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
};

const resolvedInside = (value: unknown, names: Names): unknown => {
  if (Array.isArray(value)) {
    return value.map((item) => resolvedInside(item, names)).filter((item) => item !== noValue);
  }
  if (!isObject(value)) return value;
  const [only, ...others] = Object.keys(value);
  if (only !== undefined && others.length === 0 && (only === 'Ref' || only.startsWith('Fn::'))) {
    const intrinsic = intrinsics[only];
    if (intrinsic === undefined)
      throw new TemplateError(`The local stack does not know ${only}: ${JSON.stringify(value)}`);
    return intrinsic(value[only], names);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolvedInside(item, names)] as const)
      .filter(([, item]) => item !== noValue),
  );
};

/**
 * Replaces the intrinsic functions of CloudFormation in a value of the template by what they give here.
 * @throws TemplateError for a function or a resource that the local stack does not know.
 */
export const resolved = (value: unknown, names: Names): unknown => {
  const given = resolvedInside(value, names);
  return given === noValue ? undefined : given;
};
