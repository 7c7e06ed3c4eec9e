import { createHash } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 as in RFC 4648, section 6. The digests that it is used for need no padding. */
const base32 = (bytes: Buffer): string => {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    // Only the bits that are not written yet are kept, so that the number stays small.
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
    }
  }
  // 160 bits divide by 5 without rest, so this is for other lengths alone.
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
};

/** A Message-ID without its angle brackets, when it has both. */
const bareMessageId = (messageId: string): string => {
  const stripped = messageId.trim();
  return stripped.startsWith('<') && stripped.endsWith('>') ? stripped.slice(1, -1) : stripped;
};

/**
 * Mailman's `Message-ID-Hash`, by which archives name a mail: SHA-1 of the Message-ID without its angle brackets, in
 * base32 (mailman-behaviour.md, section 2.3). It is a name and guards nothing, so SHA-1 does.
 */
export const messageIdHash = (messageId: string): string =>
  base32(createHash('sha1').update(bareMessageId(messageId)).digest());

/**
 * The Message-ID of a mail that came without one. It follows from the bytes, so that a mail that is sent twice is one
 * mail to everyone who sees it (design, rule 4).
 */
export const derivedMessageId = (contentDigest: Buffer, mailHost: string): string =>
  `<${contentDigest.toString('hex').slice(0, 40)}@${mailHost}>`;

// RFC 5322, section 2.1.1: a line has at most 998 characters. A longer Message-ID is garbage, and would not fit a key.
const longest = 998;

/** The Message-ID as it is kept beside the mail: one line, of a sane length. Undefined when nothing is left. */
export const readMessageId = (value: string): string | undefined => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character has no place in an identifier.
  const clean = value.replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]+/g, '').trim();
  return clean === '' ? undefined : clean.slice(0, longest);
};
