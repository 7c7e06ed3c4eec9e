/** The most bytes of a line without its CRLF (RFC 5322, section 2.1.1; SES counts 1,000 with it). */
export const longestLine = 998;

const lf = 0x0a;
const cr = 0x0d;

/** Whether some line is longer than a mail may have. */
export const hasLongLine = (bytes: Buffer): boolean => {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lf, start);
    const end = found === -1 ? bytes.length : found;
    const length = end - start - (end > start && bytes[end - 1] === cr ? 1 : 0);
    if (length > longestLine) return true;
    start = end + 1;
  }
  return false;
};
