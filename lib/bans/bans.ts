import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import { PatternError, pattern, patternOrNone } from '../regex/pattern.ts';

/** The bans that concern a list. */
export interface BansRead {
  readonly list: readonly string[];
  readonly site: readonly string[];
}

/** The ban that an address falls under. */
export interface Ban {
  readonly where: 'list' | 'site';
  readonly entry: string;
}

const patternFor = (entries: readonly string[], address: string): string | undefined =>
  entries.find((entry) => entry.startsWith('^') && patternOrNone(entry, 'any')?.beginsIn(address) === true);

/**
 * The ban that an address falls under (mailman-behaviour.md, section 20): the exact entries of the list and of the site first, then the
 * regular expressions of both, matched at the start in any letter case.
 */
export const banOf = (email: string, { list, site }: BansRead): Ban | undefined => {
  const address = addressKey(email);
  if (list.includes(address)) return { where: 'list', entry: address };
  if (site.includes(address)) return { where: 'site', entry: address };
  const ofList = patternFor(list, address);
  if (ofList !== undefined) return { where: 'list', entry: ofList };
  const ofSite = patternFor(site, address);
  return ofSite === undefined ? undefined : { where: 'site', entry: ofSite };
};

/** A ban that cannot be; the message is a sentence for the person who wanted it. */
export class BanError extends Error {
  override readonly name = 'BanError';
}

/**
 * A ban as it is kept: an address in lower case, or a regular expression that begins with `^`.
 * @throws BanError when it is neither.
 */
export const readBan = (written: string): string => {
  const entry = written.trim();
  if (!entry.startsWith('^')) {
    if (parseEmailAddress(entry) === undefined) {
      throw new BanError(`"${written}" is neither an e-mail address nor a regular expression with ^`);
    }
    return addressKey(entry);
  }
  try {
    pattern(entry, 'any');
  } catch (error) {
    throw error instanceof PatternError ? new BanError(error.message) : error;
  }
  return entry;
};
