import { confirmPage } from './confirm.ts';
import { joinPage } from './join.ts';
import { leavePage } from './leave.ts';
import { memberPage } from './member-page.ts';
import { postPage } from './moderate-post.ts';
import { requestPage } from './moderate-request.ts';
import { nothingHere, type Page } from './page.ts';
import { readLink } from './read-link.ts';
import type { Form, WebPage, WebPorts } from './web-page.ts';

/** One path of the web pages: `/PATH/TOKEN`. */
export interface Route {
  readonly path: string;
  /** What GET and HEAD give; it changes nothing. */
  readonly get: (token: string, ports: WebPorts) => Promise<Page>;
  /** What POST does. */
  readonly post: (token: string, form: Form, ports: WebPorts) => Promise<Page>;
}

/** A path whose links say what the page can read; every other link does nothing there. */
const route = <L extends { readonly list_id: string; readonly expires: number }>(
  path: string,
  page: WebPage<L>,
): Route => {
  const visit = async (token: string, ports: WebPorts) => {
    const now = ports.clock.now();
    const read = readLink(page.schema, token, { key: await ports.key(), now });
    if (read === undefined) return undefined;
    const list = await ports.store.lists.byId(read.link.list_id);
    return list === undefined
      ? undefined
      : { visit: { link: read.link, token, list, now }, expired: read.expired };
  };
  return {
    path,
    get: async (token, ports) => {
      const found = await visit(token, ports);
      if (found === undefined) return nothingHere;
      return (found.expired ? page.showExpired : page.show)(found.visit, ports);
    },
    post: async (token, form, ports) => {
      const found = await visit(token, ports);
      if (found === undefined) return nothingHere;
      return found.expired ? page.actExpired(found.visit, ports) : page.act(found.visit, form, ports);
    },
  };
};

/** All web pages. */
export const routes: readonly Route[] = [
  route('leave', leavePage),
  route('member', memberPage),
  route('join', joinPage),
  route('confirm', confirmPage),
  route('request', requestPage),
  route('post', postPage),
];
