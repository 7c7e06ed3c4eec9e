import type { HeaderBlock } from '../../mail/header-block.ts';
import type { MemberLinks } from '../delivery-module.ts';
import type { DeliveryPlan } from '../delivery-plan.ts';
import type { RosterEntry } from '../roster.ts';

/** For whom a copy is made, and how the post is delivered. */
export interface CopyContext {
  readonly entry: RosterEntry;
  readonly plan: DeliveryPlan;
  /** The id of the list. */
  readonly listId: string;
  readonly links?: MemberLinks | undefined;
}

/** One step in making a recipient's copy. What it does not change it gives back as it is: the same object. */
export interface CopyStep {
  readonly name: string;
  readonly make: (mail: HeaderBlock, context: CopyContext) => HeaderBlock;
}
