import type { TextFormat } from '../text-format.ts';

/** Sentences with addresses after them that many programs write, with nothing else to know them by. */
export const simpleNotices: readonly TextFormat[] = [
  {
    name: 'simple-warning',
    start: /(?:the )?address(?:es)? to which the message has not yet been delivered/i,
    end: /no action is required on your part/i,
    take: 'lead',
    kind: 'temporary',
  },
  {
    name: 'simple-warning',
    start:
      /(?:has|have) not yet been delivered to|not yet been delivered to|still trying to deliver|delivery to the following recipients? (?:has been|is) delayed|recipients? ha(?:s|ve) been delayed/i,
    end: /no action is required|will be retried|will continue/i,
    take: 'lead',
    kind: 'temporary',
  },
  {
    name: 'simple-warning',
    start: /^[\s>]*your message to:?\s*$/i,
    end: /this is just a warning/i,
    take: 'lead',
    kind: 'temporary',
  },
  {
    name: 'simple-list',
    start: /here is (?:your|a|the) list of failed recipients/i,
    end: /here is your returned mail/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'simple-list',
    start:
      /delivery to the following recipients? (?:failed|was aborted)|delevery to the following recipients?/i,
    end: /technical details|={20,}/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'simple-list',
    start: /the email below could not be delivered to the following user/i,
    end: /^old message:/i,
    take: /<([^>]+)>|^\s*"?(\S+@[^\s"]+)/,
    kind: 'permanent',
  },
  {
    name: 'simple-list',
    start: /^invalid final delivery userid:/i,
    take: /userid:\s*(\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'simple-local',
    start: /your message has encountered delivery problems/i,
    end: /your message reads/i,
    take: /addressed to\s*<?([^\s)>]+)/i,
    kind: 'permanent',
  },
  {
    name: 'simple-local',
    start: /this message was created automatically by mail delivery/i,
    take: /addressed to '([^']+)'/i,
    kind: 'permanent',
  },
  {
    name: 'simple-failure',
    start: /this is a delivery failure notification message/i,
    end: /^with subject/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'simple-failure',
    start: /did not reach the following recipient/i,
    take: 'lead',
    kind: 'permanent',
  },
];
