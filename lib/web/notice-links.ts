import type { Links } from '../notices/links.ts';
import { type LinkSetting, linksFor, type WebLinks } from './links.ts';

/** The links that stand in notices, by a key that is read when the first one is asked for. */
export const noticeLinks = ({
  url,
  key,
  clock,
}: Omit<LinkSetting, 'key'> & { readonly key: () => Promise<Buffer> }): Links => {
  const made =
    <T>(link: (links: WebLinks, about: T) => string) =>
    async (about: T): Promise<string | undefined> => {
      if (url === undefined) return undefined;
      const links = linksFor({ url, key: await key(), clock });
      return links === undefined ? undefined : link(links, about);
    };
  return {
    confirm: made((links, request) => links.confirm(request)),
    decide: made((links, request) => links.decide(request)),
    moderate: made((links, held) => links.moderate(held)),
    membership: made((links, member) => links.membership(member)),
  };
};
