import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { runAutoresponse } from '../../lib/runners/autoresponse.ts';
import { runCommand } from '../../lib/runners/command.ts';
import { runModeration } from '../../lib/runners/moderation.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import { runTrouble } from '../../lib/runners/trouble.ts';
import { listsOnce } from '../../lib/store/lists-once.ts';
import { noticeLinks } from '../../lib/web/notice-links.ts';
import { openLinkKey } from '../../lib/web/open-links.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';

const opened = openPorts();
const ports = {
  ...opened,
  links: noticeLinks({ url: opened.webUrl, key: openLinkKey(opened), clock: opened.clock }),
};

/**
 * Takes mail with commands from `command`, what moderators want of held mails, who wants to join or to leave, addresses that take the
 * place of others, mail that is answered automatically, and trouble that owners are told of.
 */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => {
  const once = { ...ports, store: { ...ports.store, lists: listsOnce(ports.store.lists) } };
  return takeRecords(
    event,
    async (message) => {
      if (message.type === 'mail') return runCommand(message, once);
      if (message.type === 'moderation') return runModeration(message, ports);
      if (message.type === 'address-change') return runAddressChange(message, ports);
      if (message.type === 'subscription') {
        await runSubscription(message, once);
        return;
      }
      if (message.type === 'autoresponse') return runAutoresponse(message, ports);
      if (message.type === 'trouble') return runTrouble(message, ports);
      throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
    },
    ports,
  );
};
