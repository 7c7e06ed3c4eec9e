/** An e-mail address whose syntax was checked; letter case is as its owner writes it. */
export type EmailAddress = string & { readonly __emailAddress: true };

/** RFC 5321, section 4.5.3.1.3: a path has at most 256 octets, of which two are the angle brackets. */
export const longestAddress = 254;

// The characters that Mailman takes (mailman-behaviour.md, section 20), without the at sign, which RFC 5321, section 4.1.2,
// allows in quotes only. Consecutive dots are against the RFC, but large mobile operators gave out such addresses.
const localPart = /^[-!#$%&'*+./0-9=?A-Z_`a-z{}~]+$/;
const label = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

const isEmailAddress = (text: string): text is EmailAddress => {
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  return (
    text.length <= longestAddress &&
    at > 0 &&
    localPart.test(text.slice(0, at)) &&
    labels.length >= 2 &&
    labels.every((one) => label.test(one))
  );
};

/** Reads an address; undefined when it is not one. */
export const parseEmailAddress = (text: string): EmailAddress | undefined =>
  isEmailAddress(text) ? text : undefined;

/** That by which an address is found: two addresses with the same key are the same address. */
export const addressKey = (email: string): string => email.toLowerCase();
