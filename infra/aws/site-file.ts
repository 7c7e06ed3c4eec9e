import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSite, type Site, type SiteOverrides } from '../../lib/config/site.ts';
import { SettingError } from '../../lib/settings/setting.ts';

/** The checkout. */
export const checkout = path.resolve(import.meta.dirname, '../..');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readJson = (file: string, what: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingError(
      `${what} ${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (!isObject(value)) throw new SettingError(`${what} ${file} must hold a JSON object`);
  return value;
};

/** The context of `cdk.json`. It is read here as well as by the CDK's own tool, so that both ways of synthesis give one template. */
export const cdkContext = (): Readonly<Record<string, unknown>> => {
  const { context } = readJson(path.join(checkout, 'cdk.json'), 'The file');
  return isObject(context) ? context : {};
};

const sectionsOf = (given: unknown, where: string): SiteOverrides => {
  if (given === undefined) return {};
  if (!isObject(given)) throw new SettingError(`${where} must be an object of sections`);
  const sections: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const [name, section] of Object.entries(given)) {
    if (!isObject(section)) {
      throw new SettingError(`${where}: section "${name}" must be an object of settings`);
    }
    sections[name] = section;
  }
  return sections;
};

/** Puts one set of overrides over another, key by key within each section. */
export const mergeOverrides = (under: SiteOverrides, over: SiteOverrides): SiteOverrides => {
  const merged: Record<string, Readonly<Record<string, unknown>>> = { ...under };
  for (const [name, section] of Object.entries(over)) merged[name] = { ...merged[name], ...section };
  return merged;
};

/**
 * The settings of the site: `context.belfry` (of `cdk.json`, or given to the CDK's tool by `--context`), under the file that `BELFRY_CONFIG` names.
 * @throws SettingError with a sentence that names the section, the key and the reason.
 */
export const readSiteFiles = (given: unknown, env: Readonly<Record<string, string | undefined>>): Site => {
  const context = sectionsOf(given, 'context.belfry of cdk.json');
  const file = env.BELFRY_CONFIG;
  if (file === undefined || file === '') return readSite(context);
  return readSite(
    mergeOverrides(context, sectionsOf(readJson(file, 'BELFRY_CONFIG'), `BELFRY_CONFIG ${file}`)),
  );
};
