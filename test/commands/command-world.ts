import { randomUUID } from 'node:crypto';
import { arrivedKey } from '../../lib/blobs/keys.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { noLinks } from '../../lib/notices/links.ts';
import type { MailMessage, QueueMessage, SubscriptionMessage } from '../../lib/queue/messages.ts';
import { runAutoresponse } from '../../lib/runners/autoresponse.ts';
import { runCommand } from '../../lib/runners/command.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { openHeldWorld } from '../held/held-world.ts';

/** A mail with commands, in a few words. */
export interface Letter {
  readonly to?: 'request' | 'confirm' | 'join' | 'leave';
  /** What follows the delimiter in the envelope recipient. */
  readonly detail?: string;
  readonly from?: string;
  /** The envelope sender; From when nothing is said. */
  readonly sender?: string;
  readonly subject?: string;
  readonly headers?: readonly string[];
  readonly text?: string;
  readonly arrived?: string;
}

/** The function `command` on the emulators: mails with commands, and all that follows from them. */
export const openCommandWorld = async () => {
  const world = await openHeldWorld();
  const ports = { ...world.ports, links: noLinks };

  /** A mail to a list as the gateway puts it on `command`. */
  const letter = async (list: MailingList, given: Letter = {}): Promise<MailMessage> => {
    const { to = 'request', from = 'anne@example.org', detail, headers = [], text = '' } = given;
    const sender = given.sender ?? from.replace(/^.*<(.*)>$/, '$1');
    const id = randomUUID();
    const bytes = Buffer.from(
      [
        `From: ${from}`,
        ...(given.subject === undefined ? [] : [`Subject: ${given.subject}`]),
        `Message-ID: <${id}@example.org>`,
        ...headers,
        '',
        ...text.split('\n'),
      ].join('\r\n'),
    );
    await world.blobs.put(arrivedKey(id), bytes);
    const tail = detail === undefined ? '' : `+${detail}`;
    return {
      v: 1,
      type: 'mail',
      queue: 'command',
      id,
      listid: list.list_id,
      blob: arrivedKey(id),
      messageId: `<${id}@example.org>`,
      envelope: {
        sender,
        recipient: `${list.list_name}-${to}${tail}@example.com`,
        ...(detail === undefined ? {} : { detail }),
      },
      metadata: {
        original_size: bytes.length,
        received_time: given.arrived ?? new Date().toISOString(),
        to_request: true,
        subaddress: to,
      },
    };
  };

  const take = async (message: QueueMessage): Promise<void> => {
    if (message.type === 'mail') return runCommand(message, ports);
    if (message.type === 'autoresponse') return runAutoresponse(message, ports);
    if (message.type === 'subscription') {
      await runSubscription(message, ports);
      return;
    }
    throw new Error(`The test has no place for ${message.type}`);
  };

  /** Does everything that waits on `command`, and all that it puts there. */
  const settle = async (): Promise<void> => {
    for (let waiting = await world.receive('command'); waiting.length > 0; ) {
      for (const message of waiting) await take(message);
      waiting = await world.receive('command');
    }
  };

  /** Does the commands of a mail; gives what they wished of subscriptions. */
  const wished = async (message: MailMessage): Promise<readonly SubscriptionMessage[]> => {
    await runCommand(message, ports);
    const { command } = await world.recordOf(message.id);
    return command?.verb === 'commands' ? command.wishes : [];
  };

  return { ...world, ports, letter, take, settle, wished };
};

/** What {@link openCommandWorld} gives. */
export type CommandWorld = Awaited<ReturnType<typeof openCommandWorld>>;
