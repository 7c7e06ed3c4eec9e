import { bulk } from './bulk.ts';
import type { Conditions, DeliveryModule, Freight } from './delivery-module.ts';
import { individual } from './individual.ts';

/**
 * Individual delivery when recipients differ in copy or sender, or when the transport takes one at a time; bulk for the rest
 * (mailman-behaviour.md, section 11).
 */
export const chooseModule = (freight: Freight, conditions: Conditions): DeliveryModule => {
  const { verp, personalize } = freight.message.plan;
  const oneByOne = verp || personalize !== 'none' || conditions.limits.recipients === 1;
  return oneByOne ? individual(freight, conditions) : bulk(freight, conditions);
};
