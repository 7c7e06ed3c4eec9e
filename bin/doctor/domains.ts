import { getDomain } from 'tldts';
import { type Check, check, doubtful, type Finding, ill, well } from './check.ts';

/** Where DNS is asked; `Resolver` of `node:dns/promises` is one. */
export interface DnsResolver {
  readonly resolveMx: (
    name: string,
  ) => Promise<readonly { readonly exchange: string; readonly priority: number }[]>;
  readonly resolveTxt: (name: string) => Promise<readonly (readonly string[])[]>;
  readonly resolveCname: (name: string) => Promise<readonly string[]>;
}

// What DNS answers when a name has no such record, or is no name at all.
const absent = new Set(['ENODATA', 'ENOTFOUND']);

/** What DNS answers; nothing when there is no such name or record. */
export const orNone = async <T>(asked: Promise<readonly T[]>): Promise<readonly T[]> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(String(error.code))) return [];
    throw error;
  }
};

const texts = async (resolver: DnsResolver, name: string, start: RegExp): Promise<readonly string[]> =>
  (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join('')).filter((text) => start.test(text));

const mx = async (domain: string, resolver: DnsResolver): Promise<Finding> => {
  const records = await orNone(resolver.resolveMx(domain));
  if (records.length === 0) {
    return ill(
      'no MX record',
      `Nobody can write to the lists of ${domain} until its MX names your mail server.`,
    );
  }
  // RFC 7505: a single dot says that the domain takes no mail.
  if (records.every(({ exchange }) => exchange === '' || exchange === '.')) {
    return ill('its MX record says that it takes no mail', 'Let the MX record name your mail server.');
  }
  const names = records.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  return well(names.join(', '));
};

const spf = async (domain: string, resolver: DnsResolver): Promise<Finding> => {
  const records = await texts(resolver, domain, /^v=spf1(?: |$)/i);
  const [record] = records;
  if (record === undefined) {
    return doubtful(
      'no SPF record',
      `Posts leave as LIST-bounces@${domain}: publish who may send for it, your relay.`,
    );
  }
  // RFC 7208, section 4.5: more than one is an error, and receivers then ignore all of them.
  if (records.length > 1) return ill(`${records.length} SPF records`, 'Leave one; receivers ignore several.');
  return well(record);
};

const dmarc = async (domain: string, resolver: DnsResolver): Promise<Finding> => {
  const parent = getDomain(domain) ?? domain;
  for (const name of new Set([domain, parent])) {
    const [record] = await texts(resolver, `_dmarc.${name}`, /^v=DMARC1\s*(?:;|$)/i);
    if (record !== undefined) return well(name === domain ? record : `${record} (of ${name})`);
  }
  return doubtful(
    'no DMARC record',
    `Large receivers ask for one: publish _dmarc.${parent} with at least "v=DMARC1; p=none".`,
  );
};

/** The DNS records of the domains of the lists, a line each. */
export const domainChecks = (domains: readonly string[], resolver: DnsResolver): readonly Check[] =>
  domains.flatMap((domain) => [
    check(`MX of ${domain}`, () => mx(domain, resolver)),
    check(`SPF of ${domain}`, () => spf(domain, resolver)),
    check(`DMARC of ${domain}`, () => dmarc(domain, resolver)),
  ]);
