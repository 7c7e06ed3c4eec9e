import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { variables } from '../../lib/config/environment.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import type { Member } from '../../lib/members/member.ts';
import type { QueueMessage } from '../../lib/queue/messages.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import type { Link } from '../../lib/web/link.ts';
import { linkPath, linksFor, type WebLinks } from '../../lib/web/links.ts';
import { noticeLinks } from '../../lib/web/notice-links.ts';
import { openHeldWorld } from '../held/held-world.ts';

/** What a browser or a mail program got. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What a person reads: the text without the markup and the style. */
  readonly text: string;
}

const url = 'https://lists.example.com';

const isResult = (value: unknown): value is APIGatewayProxyStructuredResultV2 =>
  typeof value === 'object' && value !== null && 'statusCode' in value;

const textOf = (body: string): string =>
  body
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The function `web` as it is deployed, with the emulators behind it. */
export const openWebWorld = async () => {
  const world = await openHeldWorld();
  const { store, ports: emulators } = world;
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: emulators.endpoint,
    AWS_ENDPOINT_URL_S3: emulators.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: emulators.dynamoEndpoint,
    [variables.site]: JSON.stringify({ web: { url, patience: 1 } }),
    [variables.table]: emulators.table,
    [variables.bucket]: emulators.bucket,
    [variables.queue('command')]: emulators.queueUrls.command,
    [variables.queue('pipeline')]: emulators.queueUrls.pipeline,
  });
  const { handler } = await import('../../functions/web/handler.ts');
  const key = await store.secrets.key('web');
  const { clock } = emulators;
  const links = (): WebLinks => {
    const made = linksFor({ url, key, clock });
    if (made === undefined) throw new Error('There are no links');
    return made;
  };
  const ports = { ...emulators, links: noticeLinks({ url, key: async () => key, clock }) };

  const ask = async (
    method: string,
    link: string,
    {
      body,
      type = 'application/x-www-form-urlencoded',
    }: { readonly body?: string; readonly type?: string } = {},
  ): Promise<Answer> => {
    const event: LambdaFunctionURLEvent = {
      version: '2.0',
      routeKey: '$default',
      rawPath: new URL(link, url).pathname,
      rawQueryString: '',
      headers: { 'content-type': type },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'abc',
        domainName: 'abc.lambda-url.us-east-1.on.aws',
        domainPrefix: 'abc',
        http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
        requestId: 'request-1',
        routeKey: '$default',
        stage: '$default',
        time: '21/Nov/2026:12:00:00 +0000',
        timeEpoch: 0,
      },
      // As Lambda hands over forms.
      ...(body === undefined ? {} : { body: Buffer.from(body).toString('base64') }),
      isBase64Encoded: body !== undefined,
    };
    const result = await handler(event);
    if (!isResult(result)) throw new Error('The function gave no answer');
    const headers = Object.fromEntries(
      Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    return {
      status: result.statusCode ?? 0,
      headers,
      body: result.body ?? '',
      text: textOf(result.body ?? ''),
    };
  };

  return {
    ...world,
    url,
    key,
    links,
    sign: (link: Link) => `${url}/${linkPath(link, key)}`,
    ask,
    get: (link: string) => ask('GET', link),
    post: (link: string, form: Readonly<Record<string, string>>) =>
      ask('POST', link, { body: new URLSearchParams(form).toString() }),
    memberOf: async (list: MailingList, email: string, more: Partial<Member> = {}): Promise<Member> => {
      await world.member(list, email, { member_id: randomUUID(), ...more });
      const member = await store.members.get(list.list_id, 'member', email);
      if (member === undefined) throw new Error('There is no such member');
      return member;
    },
    /** What waits on `command` for a list now; what waits for other lists is dropped. */
    queued: async (listid: string): Promise<readonly QueueMessage[]> =>
      (await world.receive('command')).filter((message) => message.listid === listid),
    /** Wishes something of a subscription as the function command does it. */
    subscribe: (
      message: Omit<Extract<QueueMessage, { type: 'subscription' }>, 'v' | 'type' | 'queue' | 'at'>,
    ) =>
      runSubscription(
        { v: 1, type: 'subscription', queue: 'command', at: clock.now().toISOString(), ...message },
        ports,
      ),
  };
};

export type WebWorld = Awaited<ReturnType<typeof openWebWorld>>;
