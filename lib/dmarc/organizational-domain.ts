/**
 * The organizational domain of a domain: one label more than its public suffix (RFC 7489, section 3.2). The whole list counts, with the part that
 * companies added for the domains of their customers: `customer.github.io` is an organization of its own, and must not be judged by what github.io says.
 * The list is loaded when it is first needed, which is when a domain says nothing itself.
 */
export const organizationalDomain = async (domain: string): Promise<string | undefined> => {
  const { getDomain } = await import('tldts');
  return getDomain(domain, { allowPrivateDomains: true, validateHostname: false }) ?? undefined;
};
