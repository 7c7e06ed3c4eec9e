import { afterDelivery } from '../handlers/after-delivery.ts';
import { approvedAt } from '../handlers/approved-at.ts';
import { approvedLine } from '../handlers/approved-line.ts';
import { avoidDuplicates } from '../handlers/avoid-duplicates.ts';
import { cleanse } from '../handlers/cleanse.ts';
import { cookHeaders } from '../handlers/cook-headers.ts';
import { memberRecipients } from '../handlers/member-recipients.ts';
import { rfc2369 } from '../handlers/rfc-2369.ts';
import { ruleHeaders } from '../handlers/rule-headers.ts';
import { toOutgoing } from '../handlers/to-outgoing.ts';
import type { Pipeline } from './pipeline.ts';

/** How a post is made, in Mailman's order. */
export const defaultPostingPipeline: Pipeline = {
  name: 'default-posting-pipeline',
  fasttrack: false,
  handlers: [
    approvedLine,
    ruleHeaders,
    approvedAt,
    memberRecipients,
    avoidDuplicates,
    cleanse,
    cookHeaders,
    rfc2369,
    afterDelivery,
    toOutgoing,
  ],
};
