const policies = ['none', 'quarantine', 'reject'] as const;

/** A policy of a domain for mail that fails DMARC (RFC 7489, section 6.3). */
export type DmarcPolicy = (typeof policies)[number];

/** The policies in a record: for the domain, and for those below it when that differs. */
export interface DmarcRecord {
  readonly policy: DmarcPolicy | undefined;
  readonly subdomains: DmarcPolicy | undefined;
}

const policyOf = (value: string | undefined): DmarcPolicy | undefined =>
  policies.find((policy) => policy === value?.toLowerCase());

/** Whether a text is a DMARC record: `v` must come first (RFC 7489, section 6.4). */
export const isDmarcRecord = (text: string): boolean => /^\s*v\s*=\s*DMARC1\s*(?:;|$)/.test(text);

/** Reads a DMARC record. */
export const readDmarcRecord = (text: string): DmarcRecord => {
  const tags = new Map(
    text.split(';').map((tag) => {
      const at = tag.indexOf('=');
      return [tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).trim()] as const;
    }),
  );
  return { policy: policyOf(tags.get('p')), subdomains: policyOf(tags.get('sp')) };
};
