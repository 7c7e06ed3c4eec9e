import type { QueueName } from '../queue/names.ts';
import { queueNames } from '../queue/names.ts';
import { readSite, type Site } from './site.ts';

/** The names of the environment variables that `infra/aws` gives to functions and gateway, and that this file reads. */
export const variables = {
  site: 'BELFRY_SITE',
  table: 'BELFRY_TABLE',
  bucket: 'BELFRY_BUCKET',
  /** `BELFRY_QUEUE_IN`, `BELFRY_QUEUE_PIPELINE`, ...: queue URLs. Each function has those that it may use. */
  queue: (name: QueueName): string => `BELFRY_QUEUE_${name.toUpperCase()}`,
  /** The configuration set of Amazon SES that everything is sent with; only with `delivery.transport` ses, and only for who sends. */
  sesConfigurationSet: 'BELFRY_SES_CONFIGURATION_SET',
  /** The URL that AWS gives to the web pages; only for who writes links. */
  webUrl: 'BELFRY_WEB_URL',
} as const;

/** Where a function or the gateway runs: the site's settings and the names of its resources. */
export interface Environment {
  readonly site: Site;
  readonly table: string;
  readonly bucket: string;
  readonly queueUrls: Readonly<Partial<Record<QueueName, string>>>;
  /** Undefined where nothing is sent through Amazon SES. */
  readonly sesConfigurationSet: string | undefined;
  /** Where the web pages are that mails link to, without a slash at its end; undefined where nobody writes links, and where there are no pages. */
  readonly webUrl: string | undefined;
}

/** Where the web pages are: as the site says, or as AWS does, which ends the URL of a function with a slash. */
const webUrlOf = ({ web }: Site, given: string | undefined): string | undefined =>
  web.enabled ? web.url || given?.replace(/\/$/, '') || undefined : undefined;

/** Reads the environment once, at the start of a process. Throws when something is missing. */
export const readEnvironment = (env: Readonly<Record<string, string | undefined>>): Environment => {
  const needed = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set`);
    return value;
  };
  const queueUrls: Partial<Record<QueueName, string>> = {};
  for (const name of queueNames) {
    const url = env[variables.queue(name)];
    if (url !== undefined && url !== '') queueUrls[name] = url;
  }
  const site = readSite(JSON.parse(env[variables.site] ?? '{}'));
  return {
    site,
    table: needed(variables.table),
    bucket: needed(variables.bucket),
    queueUrls,
    sesConfigurationSet: env[variables.sesConfigurationSet] || undefined,
    webUrl: webUrlOf(site, env[variables.webUrl]),
  };
};
