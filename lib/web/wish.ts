import { createHash } from 'node:crypto';
import type { SubscriptionMessage } from '../queue/messages.ts';
import { runSubscription } from '../runners/subscription.ts';
import type { SubscriptionOutcome } from '../subscriptions/outcome.ts';
import type { WebPorts } from './web-page.ts';

/** How a decision that was made on a page is told of: who opened the link is not known. */
export const byLink = 'a link in a mail';

/** The name of a wish that comes by a link: the same link and the same wish are the same one, however often the button is pressed. */
export const wishIdOf = (token: string, wish: string): string =>
  `web-${createHash('sha256').update(`${token} ${wish}`).digest('hex').slice(0, 32)}`;

/** The queued message waits so long, so that it finds done what is done here at once. It is what does it when this process dies. */
const delaySeconds = 5;

/** What somebody wishes of a subscription on a page. */
export type PageWish = Pick<SubscriptionMessage, 'listid' | 'deed' | 'by'> & Partial<SubscriptionMessage>;

/**
 * Makes a wish durable, and does it at once, so that the page can tell what came of it; both by the same id. Undefined: it could not be done at once, and
 * will be by its message.
 */
export const doWish = async (
  wish: PageWish,
  token: string,
  ports: WebPorts,
): Promise<SubscriptionOutcome | undefined> => {
  const message: SubscriptionMessage = {
    ...wish,
    v: 1,
    type: 'subscription',
    queue: 'command',
    id: wishIdOf(token, `${wish.deed} ${wish.token ?? ''}`),
    at: ports.clock.now().toISOString(),
  };
  await ports.queues.send([message], { delaySeconds });
  try {
    return await runSubscription(message, ports);
  } catch (error) {
    ports.failed(error);
    return undefined;
  }
};
