import type { TextFormat } from '../text-format.ts';

/** What mail servers write that send no delivery status, or sent none once. Each is named for the program. */
export const mailServerFormats: readonly TextFormat[] = [
  {
    name: 'opensmtpd',
    start:
      /(?:error has occurred while attempting to deliver a message for|message is delayed for more than .{1,60} for) ?the following list of recipients/i,
    end: /below is a copy of the original message/i,
    take: 'lead',
  },
  {
    name: 'dragonfly',
    start: /this is the dragonfly mail agent|error delivering your mail to/i,
    take: /error delivering your mail to <?([^>\s]+@[^>\s]+)>?/i,
    kind: 'permanent',
  },
  {
    name: 'dragonfly',
    head: /mail delivery|delivery failed/i,
    start: /this is the dragonfly mail agent/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'james',
    start: /this is the james mail server|failed recipient\(s\):/i,
    end: /^error messages?(?: below)?:/i,
    take: 'lead',
  },
  {
    name: 'courier',
    start: /your message to the following recipients cannot be delivered/i,
    end: /^-{10,}|if your message was also sent to/i,
    take: /^\s{0,4}<([^>]+)>:/,
    kind: 'permanent',
  },
  {
    name: 'courier',
    start:
      /message to the following recipients has been delayed|message could not be delivered to the following recipients, yet|still undeliver/i,
    end: /^-{10,}/,
    take: /^\s{0,4}<([^>]+)>:/,
    kind: 'temporary',
  },
  {
    name: 'haraka',
    start: /this is the haraka mailer program|intended recipients:/i,
    end: /^\s*failure reason:/i,
    take: 'any',
  },
  {
    name: 'powermta',
    start:
      /this is the mail server on .{1,200}|i am sending you this message to inform you on the delivery status/i,
    take: /^\s*<([^>]+)>\s+delivery (?:failed|to|temporarily suspended)|^\s*<([^>]+)>:? /i,
  },
  {
    name: 'zmailer',
    start: /collection of reports about email delivery process/i,
    end: /^\s*Diagnostic texts?:/i,
    take: /^\s*(?:original recipient:\s*)?rfc822;\s*(\S+@\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'xmail',
    start: /xmail bounce: rcpt=\[/i,
    take: /rcpt=\[([^\]]+)\]/i,
    kind: 'permanent',
  },
  {
    name: 'smail',
    start: /failed addresses follow:/i,
    end: /message text follows:/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'mdaemon',
    start:
      /following address(?:\(es\)|es)? did not receive a copy of your message|address(?:\(es\)|es)? did NOT receive/i,
    end: /session transcript/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'mdaemon',
    start: /no such user here|there is no user by that name at this server/i,
    head: /mdaemon|no such user/i,
    take: /(\S+@\S+)\s+-\s+no such user here|user[: ]+"?(\S+@[^\s"]+)/i,
    kind: 'permanent',
  },
  {
    name: 'communigate',
    start: /failed to deliver to '|message delivery to '/i,
    take: /(?:failed to deliver to|message delivery to) '([^']+)'/i,
  },
  {
    name: 'lsmtp',
    start: /--> error description:/i,
    end: /^error-end:/i,
    take: /^error-for:\s+(\S+@\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'mailenable',
    start: /mailenable: message could not be delivered|following recipient\(s\) could not be reached:/i,
    end: /message headers follow/i,
    take: /recipient:\s*\[?(?:smtp:)?([^\]\s]+)/i,
    kind: 'permanent',
  },
  {
    name: 'hmailserver',
    start:
      /your message did not reach some or all of the intended recipients|following recipient\(s\) could not be reached/i,
    end: /^\s*error type:/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'smartermail',
    start: /could not deliver message to the following recipient\(s\)/i,
    take: /failed recipient:\s*(\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'sun-messaging',
    start:
      /message (?:cannot|could not) be delivered to the following recipients|has not yet been delivered to the following|still trying to deliver .{0,60}recipients|message (?:is|has been) (?:being )?enqueued and undeliverable/i,
    take: /(?:original|recipient) address:\s*<?(?:rfc822;|smtp:)?\s*(\S+@\S+)/i,
  },
  {
    name: 'pmdf',
    start: /your message (?:is being|was) (?:enqueued|returned)|message .{1,60} pmdf/i,
    take: /(?:recipient address|addressed to):\s*(\S+@\S+)/i,
  },
  {
    name: 'mmdf',
    head: /mmdf|failed mail/i,
    start: /your message .{0,80}(?:was|could) not (?:be )?delivered|failed mail/i,
    take: /(?:was not delivered|could not be delivered|failed mail).{0,60}\bto[:\s]+['"`<]?([^\s'"`>]+@[^\s'"`>]+)/i,
    kind: 'permanent',
  },
  {
    name: 'post-office',
    start:
      /following recipients? did not receive (?:your|this) message|each of the following recipients was rejected by a remote mail server/i,
    end: /^\s*please reply to/i,
    take: /^\s*(?:recipient:\s*)?\[?<\s*([^>]+?)\s*>/i,
    kind: 'permanent',
  },
  {
    name: 'post-office',
    start: /following recipients? (?:have|has) not yet received|delivery of this message to the following/i,
    end: /^\s*please reply to/i,
    take: /^\s*<\s*([^>]+?)\s*>/,
    kind: 'temporary',
  },
  {
    name: 'x400',
    start: /your message was not delivered to:/i,
    end: /^\s*for the following reason/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'mercury',
    start:
      /(?:message|mail) (?:\S+ )?(?:could|was) not (?:be )?delivered .{0,40}mercury|mercury (?:core|mail|transport)|delivery failure notification/i,
    take: /(?:\*\*\*|user|recipient|address)\s*[:<' ]+\s*(\S+@[^\s>']+)/i,
  },
  {
    name: 'surfcontrol',
    start: /a transcript of the attempts to send the message follows|^addressed to:/i,
    end: /^--- message non-deliverable/i,
    take: /^addressed to:\s*(\S+@\S+)/i,
    kind: 'permanent',
  },
  {
    name: 'x6',
    start: /we had trouble delivering your message/i,
    take: /rejected recipient <([^>]+)>/i,
    kind: 'permanent',
  },
  {
    name: 'activehunter',
    start: /following addresses had permanent fatal errors/i,
    end: /transcript of session follows/i,
    take: /^>>> (\S+@\S+)/,
    kind: 'permanent',
  },
  {
    name: 'eyou',
    start: /this is the deliver program at/i,
    end: /^-/,
    take: /^\s*<([^>]+)>/,
    kind: 'permanent',
  },
  {
    name: 'jetmail',
    start: /your mail cannot be delivered to the following address\(es\)/i,
    end: /please check the above/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'lotus-notes',
    start: /-\s{1,4}failure reasons?\s{1,4}-/i,
    end: /-\s{1,4}returned message\s{1,4}-/i,
    take: 'any',
    kind: 'permanent',
  },
  {
    name: 'domino',
    start: /^\s*was not delivered to:/i,
    end: /^\s*because:/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'domino',
    start:
      /^\s*(?:wurde nicht zugestellt an|n'a pas été (?:distribué|remis|délivré) à|no se entregó a|non è stato (?:recapitato|consegnato) a|não foi entregue a|was niet bezorgd aan|は次の宛先に配信されませんでした|は、次の宛先に配信できませんでした)\s*:?/i,
    end: /^\s*(?:weil|da|grund|car|parce que|raison|debido a|porque|motivo|perché|omdat|because|理由|原因)\s*:/i,
    take: 'lead',
    kind: 'permanent',
  },
  {
    name: 'groupwise',
    head: /groupwise|message status - undeliver|undeliver|system administrator|mailer-daemon/i,
    start:
      /message that you sent was undeliverable to the following|undeliverable to the following|recipients? of (?:the|your) (?:message|mail) (?:were|was) undeliverable/i,
    end: /possibly truncated original message/i,
    take: /^\s*(?:[^<@]{0,80}<)?([^\s<>()]+@[^\s<>()]+)/,
    kind: 'permanent',
  },
];
