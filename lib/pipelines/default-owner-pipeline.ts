import { beenThere } from '../handlers/been-there.ts';
import { ownerRecipients } from '../handlers/owner-recipients.ts';
import { toOutgoing } from '../handlers/to-outgoing.ts';
import type { Pipeline } from './pipeline.ts';

/** How mail reaches the owners: as it came, but for the mark by which its return is known. */
export const defaultOwnerPipeline: Pipeline = {
  name: 'default-owner-pipeline',
  fasttrack: false,
  handlers: [ownerRecipients, beenThere, toOutgoing],
};
