import type { CopyStep } from './copy-step.ts';

const blankLine = Buffer.from('\r\n');

/**
 * Ends the header with a blank line where its author ended it with a line that is no field. Belfry begins the body there, as Postfix and Exim do; readers that skip
 * such a line go on reading fields, so that what stands behind it would be obeyed, or would have SES refuse us, without having passed the steps after this.
 */
export const endHeader: CopyStep = ({ fields, rest }) => ({
  fields,
  rest:
    rest.length === 0 || rest[0] === 0x0a || rest.subarray(0, 2).equals(blankLine)
      ? rest
      : Buffer.concat([blankLine, rest]),
});
