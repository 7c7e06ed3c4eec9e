const atom = /^[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*$/;
const quoted = /^"[ !#-[\]-~]*"$/;
const domainName = /^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/;

/** Whether a text reads as an address: dot-atoms or a quoted text, and a domain of labels (RFC 5321, section 4.1.2), all of it 7-bit. */
export const isWellFormed = (address: string): boolean => {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  return at > 0 && (atom.test(local) || quoted.test(local)) && domainName.test(address.slice(at + 1));
};

/**
 * Whether Amazon SES can send to an address: well-formed, in a domain below another, and within the lengths of RFC 5321, section 4.5.3.1. It is looked at
 * here, because SES does not say which address of a mail it found malformed.
 */
export const isCarriedAddress = (address: string): boolean => {
  const at = address.lastIndexOf('@');
  return at <= 64 && address.length <= 254 && isWellFormed(address) && address.slice(at).includes('.');
};
