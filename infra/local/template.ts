import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { stackName } from '../aws/names.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.json()).default({}),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.json() })).default({}),
});

const assetsSchema = z.looseObject({
  files: z.record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string() }) })),
});

/** A resource as the template declares it. */
export type Resource = z.infer<typeof resourceSchema>;

/** The synthesized template, and where its assets lie. */
export interface Template {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: z.core.util.JSONType }>>;
  /** The folder of an asset by its hash. */
  readonly assetDir: (hash: string) => string;
}

/** The template says something that the local stack cannot do; it says so rather than leaving it out in silence. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Reads what `cdk synth` wrote into a folder. */
export const readTemplate = (dir: string): Template => {
  const template = templateSchema.parse(readJson(join(dir, `${stackName}.template.json`)));
  const assets = assetsSchema.parse(readJson(join(dir, `${stackName}.assets.json`)));
  return {
    resources: template.Resources,
    outputs: template.Outputs,
    assetDir: (hash) => {
      const asset = assets.files[hash];
      if (asset === undefined) throw new TemplateError(`The template has no asset ${hash}`);
      return resolve(dir, asset.source.path);
    },
  };
};

/** The resources of one type, with their logical ids. */
export const ofType = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.resources).filter(([, resource]) => resource.Type === type);

/** Reads the properties of a resource by a schema that refuses what it does not know. */
export const propertiesOf = <T extends z.ZodType>(
  schema: T,
  logicalId: string,
  properties: unknown,
): z.infer<T> => {
  const read = schema.safeParse(properties);
  if (read.success) return read.data;
  throw new TemplateError(
    `The local stack cannot make ${logicalId} as the template says: ${z.prettifyError(read.error)}`,
  );
};
