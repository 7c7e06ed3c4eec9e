/**
 * VERP: an envelope sender that tells for whom a copy was, so that a bounce needs no reading (mailman-behaviour.md, section
 * 11.3). For the list `test` and aperson@example.com it is `test-bounces+aperson=example.com@example.com`.
 */

/** A format such as `${bounces}+${local}=${domain}`, taken apart. */
interface VerpShape {
  /** What stands between the -bounces address and the recipient's local part: the delimiter, and more if the site wants. */
  readonly before: string;
  /** What stands between the recipient's local part and domain. */
  readonly between: string;
  readonly after: string;
}

// Fixed text is made of characters that atoms may have (RFC 5322, section 3.2.3), and a dollar sign only begins a placeholder.
const fixed = "[-!#%&'*+./0-9=?A-Z^_`a-z|~]";
const shape = new RegExp(
  `^\\$(?:bounces\\b|\\{bounces\\})(${fixed}+?)\\$(?:local\\b|\\{local\\})(${fixed}+)\\$(?:domain\\b|\\{domain\\})(${fixed}*)$`,
);

const shapeOf = (format: string): VerpShape | undefined => {
  const [, before, between, after] = shape.exec(format) ?? [];
  return before === undefined || between === undefined || after === undefined
    ? undefined
    : { before, between, after };
};

/**
 * What is wrong with a format, in a sentence; undefined when it can be written and read back. The text between local part and domain must hold a
 * character that no domain has, or the last one of it in an address would not be the one that parts them.
 */
export const verpFormatFault = (format: string, delimiter: string): string | undefined => {
  const parts = shapeOf(format);
  if (parts === undefined) {
    return `"${format}" does not hold \${bounces}, \${local} and \${domain} in this order, with text between them that an address may have`;
  }
  if (!parts.before.startsWith(delimiter)) {
    return `"${format}" does not have mta.verp_delimiter ("${delimiter}") after \${bounces}, so the gateway would not know where the name of the list ends`;
  }
  if (!/[^-.0-9A-Za-z]/.test(parts.between)) {
    return `"${format}" parts \${local} from \${domain} by "${parts.between}", which a domain may hold as well`;
  }
  return undefined;
};

// RFC 5321, section 4.5.3.1.1: a local part has at most 64 octets.
const longestLocal = 64;
// Anything else would have to be quoted, and not every relay reads that.
const plainLocal = /^[-!#$%&'*+./0-9=?A-Z^_`a-z{|}~]+$/;

/**
 * The sender for one recipient. It is the plain one when the recipient has no domain, or when the local part would be longer than mail
 * servers must take, or not plain.
 */
export const verpSender = (format: string, sender: string, recipient: string): string => {
  const parts = shapeOf(format);
  const senderAt = sender.lastIndexOf('@');
  const at = recipient.lastIndexOf('@');
  if (parts === undefined || senderAt < 1 || at < 1 || at === recipient.length - 1) return sender;
  const bounces = sender.slice(0, senderAt);
  const { before, between, after } = parts;
  const local = `${bounces}${before}${recipient.slice(0, at)}${between}${recipient.slice(at + 1)}${after}`;
  return local.length <= longestLocal && plainLocal.test(local)
    ? `${local}${sender.slice(senderAt)}`
    : sender;
};

/**
 * The recipient whose copy bounced, from what follows the delimiter in the local part of a -bounces address; undefined when
 * it is no VERP address. A local part may hold an equals sign and a domain may not, so the last one parts them.
 */
export const parseVerp = (format: string, delimiter: string, detail: string): string | undefined => {
  const parts = shapeOf(format);
  if (parts === undefined) return undefined;
  const before = parts.before.slice(delimiter.length);
  if (!detail.startsWith(before) || !detail.endsWith(parts.after)) return undefined;
  const inner = detail.slice(before.length, detail.length - parts.after.length);
  const at = inner.lastIndexOf(parts.between);
  const local = inner.slice(0, Math.max(0, at));
  const domain = inner.slice(at + parts.between.length);
  return at < 1 || domain === '' ? undefined : `${local}@${domain}`;
};
