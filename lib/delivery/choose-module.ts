import { bulk } from './bulk.ts';
import type { Conditions, DeliveryModule, Freight } from './delivery-module.ts';
import { individual } from './individual.ts';

/** Whether each recipient gets a transaction and a copy of their own. */
export const isIndividual = (
  { message: { plan } }: Freight,
  { limits }: Pick<Conditions, 'limits'>,
): boolean => plan.verp || plan.personalize !== 'none' || limits.recipients === 1;

/**
 * Individual delivery when recipients differ in copy or sender, or when the transport takes one at a time; bulk for the rest
 * (mailman-behaviour.md, section 11).
 */
export const chooseModule = (freight: Freight, conditions: Conditions): DeliveryModule =>
  isIndividual(freight, conditions) ? individual(freight, conditions) : bulk(freight, conditions);
