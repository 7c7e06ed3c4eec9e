import { createHmac } from 'node:crypto';
import type { Link } from './link.ts';

/** The mark of a payload. The version is signed with it, so that a later form cannot be taken for this one. */
export const signatureOf = (payload: string, key: Buffer): string =>
  createHmac('sha256', key).update(`belfry-web-link:1:${payload}`).digest('base64url');

/**
 * The token of a link: what it says, and the mark that we said it (RFC 2104 with SHA-256), both in base64url (RFC 4648, section 5). The order of the fields
 * is that of their names, so that the same link has the same token, whether a mail or a page leads to it.
 */
export const signLink = (link: Link, key: Buffer): string => {
  const payload = Buffer.from(JSON.stringify(link, Object.keys(link).toSorted())).toString('base64url');
  return `${payload}.${signatureOf(payload, key)}`;
};
