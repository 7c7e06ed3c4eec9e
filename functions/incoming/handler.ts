import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dmarcLookup } from '../../lib/dmarc/dmarc-lookup.ts';
import { nodeResolver } from '../../lib/dmarc/txt-resolver.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { openPostingStore } from '../../lib/store/posting-store.ts';
import { noticeLinks } from '../../lib/web/notice-links.ts';
import { openLinkKey } from '../../lib/web/open-links.ts';
import { openPortsWith } from '../open-ports.ts';
import { takeRecords } from '../sqs-records.ts';

const opened = openPortsWith(openPostingStore);
const { site, clock } = opened;
const ports = {
  ...opened,
  links: noticeLinks({ url: opened.webUrl, key: openLinkKey(opened), clock }),
  dmarc: dmarcLookup({ resolver: nodeResolver(site.dns), clock, lifetime: site.dns.lifetime }),
};

/** Takes posts and owner mail from `in` through rules and chains. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type === 'mail') return runIncoming(message, ports);
      throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
    },
    ports,
  );
