import type { DeliveryPlan } from '../../delivery/delivery-plan.ts';
import type { HeaderBlock } from '../../mail/header-block.ts';

/** One change that a mail needs before Amazon SES carries it. Done twice, it changes nothing the second time. */
export type CopyStep = (mail: HeaderBlock, plan: DeliveryPlan) => HeaderBlock;
