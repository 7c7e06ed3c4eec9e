import { variables } from '../../lib/config/environment.ts';
import type { Site } from '../../lib/config/site.ts';
import { siteSettings } from '../../lib/config/site-settings.ts';
import { SettingError, type SettingTable } from '../../lib/settings/setting.ts';

// What only synthesis reads; no function needs it.
const onlyForSynthesis: ReadonlySet<string> = new Set(['network', 'security', 'alarms']);

const differences = (table: SettingTable, values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(table[key]?.fallback),
    ),
  );

/** What the site has set otherwise than Belfry, in the form that `readSite` reads. */
export const siteDifferences = (site: Site): Readonly<Record<string, object>> => {
  const sections: Record<string, object> = {};
  for (const [name, table] of Object.entries(siteSettings)) {
    if (onlyForSynthesis.has(name)) continue;
    const section = differences(table, site[name as keyof Site]);
    if (Object.keys(section).length > 0) sections[name] = section;
  }
  return sections;
};

// Lambda grants 4 KB to all environment variables of a function together (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html);
// the other ones, mostly the URLs of queues, take less than 1 KB of it.
const most = 3072;

/** The environment variable that carries the settings to functions and gateway. */
export const siteVariable = (site: Site): Readonly<Record<string, string>> => {
  const value = JSON.stringify(siteDifferences(site));
  if (Buffer.byteLength(value) > most) {
    throw new SettingError(
      `Site settings: what differs from the defaults takes ${Buffer.byteLength(value)} bytes; a function has room for ${most}`,
    );
  }
  return { [variables.site]: value };
};
