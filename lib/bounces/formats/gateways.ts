import type { TextFormat } from '../text-format.ts';

/** What filters and gateways write that stand before a mail server. */
export const gatewayFormats: readonly TextFormat[] = [
  {
    name: 'mailmarshal',
    start: /the following recipients were affected|could not be delivered because of\s*$/i,
    end: /^additional information|^={8,}/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'mailsweeper',
    start: /your message has been delayed and is still awaiting delivery/i,
    end: /^your message is delayed/i,
    take: 'lead',
    kind: 'temporary',
  },
  {
    name: 'mxlogic',
    start:
      /message that you(?: have)? sent could not be delivered to one or more|the following address(?:es|\(es\))? failed/i,
    end: /^included is a copy|^-{2,}/i,
    take: /^\s*<([^>]+)>|^\s{2,4}(\S+@[^\s:]+):?/,
  },
  {
    name: 'mcafee',
    // Five dashes and more are sendmail's.
    start:
      /^\s*(?:-{1,3} )?(?:the )?following addresses had (?:delivery problems|permanent delivery errors)/i,
    end: /transcript|original message/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'mailfoundry',
    start: /^unable to deliver message to:/i,
    end: /^delivery failed/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'interscan',
    start: /interscan|unable to deliver message to/i,
    head: /interscan|mailer-daemon|mail delivery|undeliver|postmaster|failure/i,
    end: /end of message/i,
    take: /(?:unable to deliver message to|rcpt to:)\s*:?\s*<?([^>\s]+@[^>\s]+)/i,
    kind: 'permanent',
  },
  {
    name: 'mfilter',
    start: /^-+server message/i,
    take: /^rcpt to:\s*<?([^>\s]+)|<([^<>\s]+@[^<>\s]+)>/i,
    kind: 'permanent',
  },
  {
    name: 'ironport',
    start: /the following message to <[^>]+> (?:was|is) undeliverable/i,
    take: /message to <([^>]+)> (?:was|is) undeliverable/i,
    kind: 'permanent',
  },
  {
    name: 'symantec',
    start: /your message with subject:/i,
    end: /delivery attempts will continue to be made/i,
    take: 'lead',
    kind: 'temporary',
  },
  {
    name: 'csmap',
    start: /- failed recipients -/i,
    end: /- returned mail -/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'virtualwall',
    start: /---the following addresses had delivery errors---/i,
    end: /original message/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'phquery',
    start: /- ?message not delivered to the following/i,
    end: /- ?error detail/i,
    take: 'lead',
    kind: 'permanent',
  },
];
