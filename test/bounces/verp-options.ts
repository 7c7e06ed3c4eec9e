import { readSite } from '../../lib/config/site.ts';

const { mta } = readSite();

/** The VERP settings of a site that set none. */
export const verpOptions = { verp_delimiter: mta.verp_delimiter, verp_format: mta.verp_format };
