import type { CopyStep } from './copy-step.ts';

/**
 * What must not leave with the mail: SES refuses a second DKIM-Signature and a second Delivered-To, and checks Sender and Return-Path like From
 * (https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html); Bcc and Resent-Bcc name whom nobody shall see; by Feedback-ID
 * and X-SES headers an author would steer our account. A signature of somebody else is broken by the new From anyway.
 */
const stripped: ReadonlySet<string> = new Set([
  'dkim-signature',
  'domainkey-signature',
  'sender',
  'return-path',
  'delivered-to',
  'bcc',
  'resent-bcc',
  'feedback-id',
]);

/** Takes away the fields that SES refuses or obeys. Authentication-Results, ARC and Resent fields tell of the past, and stay. */
export const stripHeader: CopyStep = ({ fields, rest }) => ({
  fields: fields.filter(({ key }) => !stripped.has(key) && !key.startsWith('x-ses-')),
  rest,
});
