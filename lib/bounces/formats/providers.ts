import type { TextFormat } from '../text-format.ts';

/** What mailbox providers write. Each is named for the provider, some for the first whose report showed the format. */
export const providerFormats: readonly TextFormat[] = [
  {
    name: 'gmail',
    start:
      /delivery to the following recipients? (?:has been delayed|failed)|there was a temporary problem (?:while )?delivering your message to|message (?:wasn't|wasn’t|couldn't be|couldn’t be|was not) delivered to|your message to|mail wasn't delivered to/i,
    head: /googlemail\.com|gmail\.com|google\.com/i,
    end: /^\s*(?:technical details of|message will be retried|learn more|the response)/i,
    take: 'any',
  },
  {
    name: 'yahoo',
    start:
      /(?:unable to deliver (?:the )?message to the following address|sorry, we were unable to deliver your message to the following address)/i,
    end: /^-{2,}/,
    take: /^\s*<([^>]+)>:?/,
    kind: 'permanent',
  },
  {
    name: 'yahoo',
    head: /@yahoo\.|yahoo/i,
    start: /wasn't able to deliver the following message|unable to deliver/i,
    end: /^---/,
    take: /^to:\s*(\S+@\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'ses',
    start: /error occurred while trying to deliver the mail to the following recipients/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'workmail',
    start:
      /your message (?:could not|couldn't) be delivered.{0,80}amazon workmail|delivery has failed to (?:these|the following) (?:recipients|recipient)/i,
    head: /amazonses|awsapps|workmail/i,
    end: /technical report/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'gmx',
    start:
      /one or more of its recipients\. the following addresses? ?failed|the following addresses failed|following addresses? failed/i,
    end: /^-{2,}/,
    take: /^\s*["<]?([^\s"<>]+@[^\s">]+?)[">]?:?\s*(?::.*)?$/,
    kind: 'permanent',
  },
  {
    name: 't-online',
    head: /t-online\.de|t-ipnet|telekom/i,
    start: /folgende[rn]? empfänger|nachricht (?:konnte|an|kann)|following/i,
    take: 'lead',
  },
  {
    name: 'orange',
    head: /orange\.fr|wanadoo|laposte|orange/i,
    start: /votre (?:message|mail|courriel)|n'a pas pu|following/i,
    take: 'lead',
  },
  {
    name: 'kddi',
    start: /your mail (?:sent|attempted to be delivered) on/i,
    end: /^content-type:/i,
    take: /could not be delivered to:?\s*<?([^>\s]+@[^>\s]+)/i,
    kind: 'permanent',
  },
  {
    name: 'ezweb',
    head: /ezweb|au\.com|kddi/i,
    start:
      /following recipients did not receive this message|each of the following recipients was rejected|the user\(s\) account is|one or more recipients|mail system/i,
    take: /^\s*<([^>]+)>|recipient:\s*<([^>]+)>/i,
    kind: 'permanent',
  },
  {
    name: 'docomo',
    head: /docomo/i,
    start: /could not be delivered|not delivered|unknown user|宛先|送信|(?:following|permanent)/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'mail-ru',
    start:
      /this is the machine generated message from mail service|не(?:возможно| удалось) достав(?:ить|ка)|не может быть доставлено/i,
    end: /^---/,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'sina',
    head: /sina\.com|sina\.cn/i,
    start: /./,
    take: /^\s*<?([^\s<>]+@[^\s<>:]+)>?\s*:/,
    kind: 'permanent',
  },
  {
    name: 'compuserve',
    start: /your message could not be delivered (?:for the following reason|as)|invalid receiver address:/i,
    take: /invalid receiver address:\s*(\S+@\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'bigpond',
    head: /bigpond|telstra/i,
    start: /unable to deliver|(?:could|was) not (?:be )?deliver/i,
    take: 'any',
  },
  {
    name: 'earthlink',
    start: /^sorry, unable to deliver your message to/i,
    end: /^a copy of the original message/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'vade',
    start: /delivery has failed to these recipients or distribution lists/i,
    end: /^original message/i,
    take: /^\s*\*\s*\[([^\]]+)\]/,
    kind: 'permanent',
  },
  {
    name: 'hotpop',
    start: /^undeliverable address:/i,
    take: /^undeliverable address:\s*(\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'usa-net',
    start: /^intended recipient:/i,
    take: /^intended recipient:\s*(\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'prodigy',
    start: /user's mailbox is full:/i,
    take: /user's mailbox is full:\s*<?([^>\s]+)/i,
    kind: 'permanent',
  },
  {
    name: 'llnl',
    head: /llnl\.gov|undeliver|returned|fail/i,
    start: /(?:could not|unable to) (?:be )?(?:deliver|match|resolv)|unknown/i,
    take: /,\s*(\S+@[^,\s]+),/,
    kind: 'permanent',
  },
  {
    name: 'verizon',
    start: /message could not be delivered to mobile|error: no valid recipients for this mm/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'sendgrid',
    start: /this is an automatically generated message from sendgrid/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'zoho',
    start: /this is a permanent error\.?\s*$/i,
    head: /zoho/i,
    take: 'lead',
    kind: 'permanent',
  },
];
