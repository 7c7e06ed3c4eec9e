import { firstAddress } from './addresses-in-text.ts';

// RFC 6533, section 3: a code point in an address of type utf-8, where the field itself is ASCII.
const escaped = /\\x\{([0-9a-f]{1,6})\}/gi;

const unescaped = (text: string): string =>
  text.replace(escaped, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    // Neither control characters nor what parts the tokens of a field may come out of an escape.
    return code >= 0x80 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** An address in UTF-8 (RFC 6531): what no blank, bracket or comma interrupts, and a domain of two labels or more. */
const utf8Address = (text: string): string | undefined => {
  const [token = ''] = text.replace(/^[\s<"']+/, '').split(/[\s<>"',;()]/, 1);
  const at = token.lastIndexOf('@');
  const labels = token.slice(at + 1).split('.');
  return at > 0 && token.length <= 320 && labels.length >= 2 && labels.every((label) => label !== '')
    ? token
    : undefined;
};

// RFC 5321, section 4.1.2: a local part in quotes, in which blanks may stand.
const quoted = /^[\s<]*("(?:[^"\\]|\\.){1,64}"@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,63})/;

// RFC 5322, section 3.2.3: what begins an atom may look like a bullet, but a field has none. A quote or a key before the address is read elsewhere.
const whole =
  /^[\s<]*(?!(?:smtp|rfc822|to|rcpt|addr|address|email|mailto|recipient)=)([\w!#$%&*+/?^{|}~.-][\w!#$%&'*+/=?^`{|}~.-]{0,127}@(?:[\w-]{1,63}\.){1,20}[A-Za-z][\w-]{0,62})[>\s]*$/i;

/**
 * The address in a field that names a recipient, such as `rfc822; user@example.com` (RFC 3464, section 2.3.1). The type before the semicolon may be missing,
 * `x-unix` or `local`, and the address stand in brackets or beside a comment.
 */
export const recipientAddress = (value: string): string | undefined => {
  const text = value.slice(0, 1000);
  const [, type = '', rest] = /^\s*([\w.-]+)\s*;(.*)$/s.exec(text) ?? [];
  const named = unescaped(rest ?? text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the range of ASCII.
  const isAscii = /^[\u0000-\u007f]*$/.test(named);
  if (!isAscii || type.toLowerCase() === 'utf-8') return utf8Address(named);
  return quoted.exec(named)?.[1] ?? whole.exec(named)?.[1] ?? firstAddress(named);
};

/** Undoes the encoding that an address has in ORCPT (RFC 3461, section 4), and that some servers leave in Original-Recipient. */
export const withoutXtext = (address: string): string =>
  address.replace(/\+([2-7][0-9A-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
