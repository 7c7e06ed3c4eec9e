import { Resolver } from 'node:dns/promises';

/** What DNS answered about the texts of a name. It never throws: a DNS that fails is an answer too. */
export type TxtAnswer =
  | { readonly kind: 'records'; readonly records: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

/** The port to DNS. */
export interface TxtResolver {
  /** Asks for the TXT records of a name, for at most so many milliseconds. */
  readonly txt: (name: string, milliseconds: number) => Promise<TxtAnswer>;
}

/** How DNS is asked. */
export interface DnsSettings {
  /** Addresses, or address:port; none: the servers of the system. */
  readonly servers: readonly string[];
  /** Seconds for each try. */
  readonly timeout: number;
}

// Node's words for "no such name" and "no record of this type" (nodejs.org/api/dns.html#error-codes).
const absent = new Set(['ENOTFOUND', 'ENODATA']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/** DNS by Node's own resolver. */
export const nodeResolver = ({ servers, timeout }: DnsSettings): TxtResolver => ({
  txt: async (name, milliseconds) => {
    let timer: NodeJS.Timeout | undefined;
    try {
      // One for each question: to cancel a question one must cancel all of its resolver. Two tries, each of its own time.
      const resolver = new Resolver({ timeout: Math.round(timeout * 1000), tries: 2 });
      if (servers.length > 0) resolver.setServers(servers);
      timer = setTimeout(() => resolver.cancel(), Math.max(0, milliseconds));
      // A text of more than 255 bytes comes in pieces (RFC 7208, section 3.3, says how they are joined).
      const records = (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
      return records.length === 0 ? { kind: 'none' } : { kind: 'records', records };
    } catch (error) {
      const code = codeOf(error);
      return absent.has(code) ? { kind: 'none' } : { kind: 'failed', why: code };
    } finally {
      clearTimeout(timer);
    }
  },
});
