import { cookHeaders } from '../handlers/cook-headers.ts';
import { rfc2369 } from '../handlers/rfc-2369.ts';
import { toOutgoing } from '../handlers/to-outgoing.ts';
import type { Pipeline } from './pipeline.ts';

/** How mail that Belfry wrote itself goes out. Its recipients are in its metadata. */
export const virgin: Pipeline = {
  name: 'virgin',
  fasttrack: true,
  handlers: [cookHeaders, rfc2369, toOutgoing],
};
