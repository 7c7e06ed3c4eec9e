import type { Decision } from '../notices/decision.ts';
import type { DecisionLinks, Links } from '../notices/links.ts';
import { type LinkSetting, linksFor, type WebLinks } from './links.ts';

/** A link for each decision. */
const each = (link: (decision: Decision) => string): DecisionLinks => ({
  accept: link('accept'),
  reject: link('reject'),
  discard: link('discard'),
});

/** The links that stand in notices, by a key that is read when the first one is asked for. */
export const noticeLinks = ({
  url,
  key,
  clock,
}: Omit<LinkSetting, 'key'> & { readonly key: () => Promise<Buffer> }): Links => {
  const made =
    <T, R>(link: (links: WebLinks, about: T) => R) =>
    async (about: T): Promise<R | undefined> => {
      if (url === undefined) return undefined;
      const links = linksFor({ url, key: await key(), clock });
      return links === undefined ? undefined : link(links, about);
    };
  return {
    join: made((links, who) => links.join(who)),
    confirm: made((links, request) => links.confirm(request)),
    decide: made((links, request) => each((decision) => links.decide(request, decision))),
    moderate: made((links, held) => each((decision) => links.moderate(held, decision))),
    membership: made((links, member) => links.membership(member)),
  };
};
