/**
 * Addresses as SES checks them. Its words are those of JavaMail, which it reads addresses with: "Missing final '@domain'", "Local address
 * contains control or whitespace", and so on, as they are quoted in reports of its users.
 */

/** The mailbox of an address that may have a name: `Anne <anne@example.com>` gives `anne@example.com`. */
export const mailboxIn = (address: string): string => /<([^<>]*)>\s*$/.exec(address)?.[1] ?? address.trim();

const isOutside = (char: string): boolean => char <= ' ' || char >= '\x7f';

/** What is wrong with a mailbox, in the words of SES; undefined when nothing is. */
export const mailboxFault = (mailbox: string): string | undefined => {
  const at = mailbox.lastIndexOf('@');
  if (mailbox === '') return 'Illegal address';
  if (at < 0) return "Missing final '@domain'";
  const local = mailbox.slice(0, at);
  const domain = mailbox.slice(at + 1);
  if (local === '') return 'Missing local name';
  if (domain === '') return 'Missing domain';
  if (!/^".*"$/.test(local)) {
    if (local.startsWith('.')) return 'Local address starts with dot';
    if (local.endsWith('.')) return 'Local address ends with dot';
    if (local.includes('..')) return 'Local address contains dot-dot';
    if ([...local].some(isOutside)) return 'Local address contains control or whitespace';
    if (/[()<>,;:\\"[\]@]/.test(local)) return 'Local address contains illegal character';
  } else if (/[^\x20-\x7e]/.test(local)) return 'Local address contains control or whitespace';
  if (domain.startsWith('.')) return 'Domain starts with dot';
  if (domain.endsWith('.')) return 'Domain ends with dot';
  if (domain.includes('..')) return 'Domain contains dot-dot';
  if ([...domain].some(isOutside)) return 'Domain contains control or whitespace';
  if (!/^[A-Za-z0-9.-]+$/.test(domain)) return 'Domain contains illegal character';
  return undefined;
};

/** The addresses of a header field, each with its name as it stands there. Comments and the names of groups are no addresses. */
export const addressesIn = (field: string): readonly string[] => {
  const found: string[] = [];
  let current = '';
  let quoted = false;
  let comment = 0;
  for (let index = 0; index < field.length; index += 1) {
    const char = field.charAt(index);
    if (char === '\\' && (quoted || comment > 0)) {
      if (quoted) current += field.slice(index, index + 2);
      index += 1;
    } else if (quoted) {
      current += char;
      if (char === '"') quoted = false;
    } else if (char === '(') comment += 1;
    else if (char === ')' && comment > 0) comment -= 1;
    else if (comment > 0) continue;
    else if (char === '"') {
      quoted = true;
      current += char;
    } else if (char === ':' && !current.includes('<')) current = '';
    else if (char === ',' || char === ';') {
      found.push(current);
      current = '';
    } else current += char;
  }
  return [...found, current].map((one) => one.trim()).filter((one) => one !== '');
};

/** The domain of a mailbox, in small letters. */
export const domainOf = (mailbox: string): string =>
  mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase();
