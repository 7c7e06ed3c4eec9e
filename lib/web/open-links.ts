import type { Clock } from '../clock/clock.ts';
import type { Store } from '../store/store.ts';
import { linksFor, type WebLinks } from './links.ts';

/** What making links needs of the world. */
export interface LinkPorts {
  readonly store: { readonly secrets: Pick<Store['secrets'], 'key'> };
  readonly clock: Clock;
  /** Where the web pages are; undefined: the site has none. */
  readonly webUrl: string | undefined;
}

/** The name of the secret by which links are signed. */
const secret = 'web';

/** The key by which links are signed, read when it is first needed and kept from then on: one read in the life of a process. */
export const openLinkKey = ({ store }: Pick<LinkPorts, 'store'>): (() => Promise<Buffer>) => {
  let key: Promise<Buffer> | undefined;
  return async () => {
    key ??= store.secrets.key(secret);
    try {
      return await key;
    } catch (error) {
      key = undefined;
      throw error;
    }
  };
};

/** The links of the site, by a key that is read when they are first asked for; undefined when it has no web pages. */
export const openLinks = ({ store, clock, webUrl }: LinkPorts): (() => Promise<WebLinks | undefined>) => {
  const key = openLinkKey({ store });
  return async () => (webUrl === undefined ? undefined : linksFor({ url: webUrl, key: await key(), clock }));
};
