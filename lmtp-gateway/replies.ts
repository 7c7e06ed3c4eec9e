/** A reply to an LMTP command: its code, and its text with the enhanced status code in front (RFC 2034). */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

/** Whether a reply ends a hope: 4xx or 5xx. */
export const isRefusal = (reply: Reply): boolean => reply.code >= 400;

const reply = (code: number, text: string): Reply => ({ code, text });

/** Every reply that the gateway itself gives. The texts are generic; details are in the log (design, rule 9). */
export const replies = {
  senderOk: reply(250, '2.1.0 Ok'),
  recipientOk: reply(250, '2.1.5 Ok'),
  accepted: (id: string): Reply => reply(250, `2.0.0 Ok: accepted as ${id}`),
  acceptedBefore: (id: string): Reply => reply(250, `2.0.0 Ok: accepted before as ${id}`),

  unknownMailbox: reply(550, '5.1.1 Requested action not taken: mailbox unavailable'),
  failed: reply(451, '4.3.0 Requested action aborted: error in processing'),
  oversize: (limit: number): Reply =>
    reply(552, `5.3.4 Error: message exceeds the maximum size of ${limit} bytes`),
  tooManyRecipients: reply(452, '4.5.3 Error: too many recipients, send the rest in another transaction'),
  noMemory: reply(452, '4.3.1 Error: insufficient memory, try again later'),
  unreadableHeader: reply(550, '5.6.0 Error: the header block of the message cannot be read'),
  tooManyHops: reply(554, '5.4.6 Error: too many hops, this message is going round in circles'),

  tooManySessions: reply(421, '4.3.2 Too many sessions, try again later'),
  closing: reply(421, '4.3.2 Service is closing, try again'),
  broken: reply(421, '4.3.0 Error in processing, closing the connection'),
  idle: reply(421, '4.4.2 Timeout, closing the connection'),
  tlsFirst: reply(530, '5.7.0 Must issue a STARTTLS command first'),

  lineTooLong: reply(500, '5.5.2 Error: command line too long'),
  needMail: reply(503, '5.5.1 Error: need MAIL command'),
  needRecipient: reply(503, '5.5.1 Error: need RCPT command'),
  nestedMail: reply(503, '5.5.1 Error: nested MAIL command'),
  mailSyntax: reply(501, '5.5.4 Syntax: MAIL FROM:<address> [SP parameters]'),
  recipientSyntax: reply(501, '5.5.4 Syntax: RCPT TO:<address>'),
  dataSyntax: reply(501, '5.5.4 Syntax: DATA'),
  malformedSender: reply(553, '5.1.7 Error: malformed address'),
  malformedRecipient: reply(553, '5.1.3 Error: malformed address'),
  mailParameters: reply(555, '5.5.4 MAIL FROM parameters not recognized or not implemented'),
  recipientParameters: reply(555, '5.5.4 RCPT TO parameters not recognized or not implemented'),
  badSize: reply(501, '5.5.4 Error: bad SIZE parameter'),
  badBody: reply(501, '5.5.4 Error: BODY is either 7BIT or 8BITMIME'),
} as const;
