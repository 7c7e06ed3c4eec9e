import { parseVerp } from '../addresses/verp.ts';

/** What the site sets of the addresses that tell whose bounce it is. */
export interface VerpOptions {
  /** `mta.verp_delimiter`: what stands between `LIST-bounces` and the detail. */
  readonly verp_delimiter: string;
  /** `mta.verp_format`. */
  readonly verp_format: string;
}

const bounces = '-bounces';

/** What follows the delimiter in the local part of a -bounces address; undefined when it is none, or the plain one. */
export const bounceDetail = (recipient: string, delimiter: string): string | undefined => {
  const local = recipient.slice(0, Math.max(0, recipient.lastIndexOf('@')));
  const tail = `${bounces}${delimiter}`.toLowerCase();
  const at = delimiter === '' ? -1 : local.toLowerCase().indexOf(tail);
  return at < 1 || at + tail.length === local.length ? undefined : local.slice(at + tail.length);
};

/** The member for whom a bounce address was made, as `LIST-bounces+user=host@...` was for user@host; a probe's token is nobody's address. */
export const verpMember = (recipient: string, options: VerpOptions): string | undefined => {
  const detail = bounceDetail(recipient, options.verp_delimiter);
  return detail === undefined ? undefined : parseVerp(options.verp_format, options.verp_delimiter, detail);
};
