import { nothingHere, type Page, renderPage, textPage } from './page.ts';
import { type Route, routes } from './routes.ts';
import type { Form, WebPorts } from './web-page.ts';

/** A request as it came over HTTP. */
export interface WebRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What goes back. */
export interface WebResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The path of the route that answered, for the log; the token is not in it. */
  readonly route: string;
}

/** The most bytes of a form: the longest has a reason of a thousand characters. */
export const largestBody = 16 * 1024;

/**
 * Nothing is loaded or run, forms go nowhere else, and no other site shows a page of ours in its own. Nothing is kept or indexed, and the address of a
 * page, which is as good as a key, is told to no other site.
 */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
} as const;

const none: Form = { field: () => '' };

/** The fields of multipart/form-data; undefined when it is none. */
const multipartOf = async ({ contentType, body }: WebRequest): Promise<FormData | undefined> => {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    return undefined;
  }
};

/**
 * Reads a form: what browsers post, and what RFC 8058, section 3.2, lets mail programs post. What does not say that it is multipart is read as the other form,
 * whatever it says: a program that forgets to say so would be told 200, and its reader would stay on the list. What is no form is an empty one.
 */
const formOf = async (request: WebRequest): Promise<Form> => {
  const { contentType, body } = request;
  const data = /^\s*multipart\/form-data\b/i.test(contentType)
    ? await multipartOf(request)
    : new URLSearchParams(body.toString('utf8'));
  if (data === undefined) return none;
  return {
    field: (name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    },
  };
};

/** The route of a path and the token in it. The site may have put the pages under a path of its own. */
const routeOf = (path: string): { readonly route: Route; readonly token: string } | undefined => {
  const [name, token] = path.split('/').slice(-2);
  const route = routes.find((one) => one.path === name);
  return route === undefined || token === undefined || token === '' ? undefined : { route, token };
};

const tooLarge = textPage(413, 'That is too much', 'Nothing was changed.');
const wrongMethod = textPage(405, 'That is not how this page is used', 'Nothing was changed.');

/** What is answered when a service that we need does not answer; nobody knows then what was done, and every wish can be repeated. */
export const unavailable: Page = textPage(
  503,
  'Please try again later',
  'Something did not work on our side. You can open the link again: nothing is done twice.',
);

const isAsking = (method: string): boolean => method === 'GET' || method === 'HEAD';

const pageFor = async (
  request: WebRequest,
  found: ReturnType<typeof routeOf>,
  ports: WebPorts,
): Promise<Page> => {
  const { method, body } = request;
  if (!isAsking(method) && method !== 'POST') return wrongMethod;
  if (body.length > largestBody) return tooLarge;
  if (found === undefined) return nothingHere;
  const { route, token } = found;
  return isAsking(method) ? route.get(token, ports) : route.post(token, await formOf(request), ports);
};

/** A page as it goes back; HEAD gets no body (RFC 9110, section 9.3.2). */
export const responseOf = (
  page: Page,
  { method, path }: Pick<WebRequest, 'method' | 'path'>,
): WebResponse => ({
  status: page.status,
  headers: {
    ...headers,
    ...(page.status === 405 ? { allow: 'GET, HEAD, POST' } : {}),
    ...(page.status === 503 ? { 'retry-after': '30' } : {}),
  },
  body: method === 'HEAD' ? '' : renderPage(page),
  route: routeOf(path)?.route.path ?? '',
});

/** Answers a request. GET and HEAD change nothing; POST does what the page asked for. */
export const answer = async (request: WebRequest, ports: WebPorts): Promise<WebResponse> =>
  responseOf(await pageFor(request, routeOf(request.path), ports), request);
