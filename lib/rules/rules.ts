import { administrivia } from './administrivia.ts';
import { any } from './any.ts';
import { approved } from './approved.ts';
import { bannedAddress } from './banned-address.ts';
import { digests } from './digests.ts';
import { dmarcIsDiscard } from './dmarc-action.ts';
import { dmarcMitigation } from './dmarc-mitigation.ts';
import { emergency } from './emergency.ts';
import { implicitDest } from './implicit-dest.ts';
import { loop } from './loop.ts';
import { maxRecipients } from './max-recipients.ts';
import { maxSize } from './max-size.ts';
import { memberModeration } from './member-moderation.ts';
import { moderationIs } from './moderation-action.ts';
import { newsModeration } from './news-moderation.ts';
import { noSenders } from './no-senders.ts';
import { noSubject } from './no-subject.ts';
import { nonmemberModeration } from './nonmember-moderation.ts';
import { ownerLoop } from './owner-loop.ts';
import { postsNotAllowed } from './posts-not-allowed.ts';
import type { Rule } from './rule.ts';
import { suspiciousHeader } from './suspicious-header.ts';
import { tooLargeForSes } from './too-large-for-ses.ts';
import { truth } from './truth.ts';

/** Every rule that a chain can name, but for those of header matches. A new rule is one file and one line here. */
export const rules: readonly Rule[] = [
  dmarcMitigation,
  noSenders,
  approved,
  emergency,
  loop,
  bannedAddress,
  memberModeration,
  nonmemberModeration,
  administrivia,
  implicitDest,
  maxRecipients,
  maxSize,
  newsModeration,
  noSubject,
  digests,
  suspiciousHeader,
  any,
  truth,
  ownerLoop,
  // Those of Belfry's own chains and links, which leave no record.
  postsNotAllowed,
  tooLargeForSes,
  moderationIs('accept'),
  moderationIs('reject'),
  moderationIs('discard'),
  dmarcIsDiscard,
];
