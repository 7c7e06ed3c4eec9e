import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { variables } from '../../lib/config/environment.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { siteSettings } from '../../lib/config/site-settings.ts';
import { cdkContext, mergeOverrides } from '../aws/site-file.ts';
import { StartError } from './start-error.ts';

/** Where mail is delivered to. */
export interface Relay {
  readonly host: string;
  readonly port: number;
}

const overridesSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/** What a JSON file of site settings says. */
export const overridesIn = (file: string): SiteOverrides => {
  try {
    return overridesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StartError(`BELFRY_CONFIG ${file} cannot be read: ${reason}`);
  }
};

/** The site settings that say where mail is delivered to. */
export const relaySettings = ({ host, port }: Relay): SiteOverrides => ({
  mta: { smtp_host: host, smtp_port: port },
});

/**
 * What `cdk.json` says about the relay of AWS is not meant for the one that is near: that one speaks plain SMTP and knows no login, on any
 * port. BELFRY_CONFIG may say otherwise.
 */
const nearRelay: SiteOverrides = {
  mta: { smtp_secure_mode: 'smtp', smtp_credentials: '' },
  delivery: { relay_insist_port_25: true },
};

/** The settings with which the template is synthesized here: those of `cdk.json`, and over them those that were given. */
export const localOverrides = (given: SiteOverrides, relay: Relay): SiteOverrides => {
  const ofContext = overridesSchema.safeParse(cdkContext().belfry ?? {});
  const asked = [nearRelay, given].reduce(mergeOverrides, ofContext.success ? ofContext.data : {});
  // The owner in the `cdk.json` that Belfry comes with stands for nobody.
  const nobody = siteSettings.mailman.site_owner.fallback;
  const owner = asked.mailman?.site_owner ?? nobody;
  const needed: SiteOverrides = {
    mailman: { site_owner: owner === nobody ? 'owner@example.com' : owner },
    ...relaySettings(relay),
  };
  return mergeOverrides(asked, needed);
};

/** The environment of a function or of the gateway, with other site settings laid over those of the template. */
export const withSite = (
  environment: Readonly<Record<string, string>>,
  over: SiteOverrides,
): Readonly<Record<string, string>> => {
  const given = environment[variables.site];
  if (given === undefined) return environment;
  const site = mergeOverrides(overridesSchema.parse(JSON.parse(given)), over);
  return { ...environment, [variables.site]: JSON.stringify(site) };
};
