import type { AttemptStand, ChunkProgress } from '../delivery/chunk-progress.ts';
import type { Freight } from '../delivery/delivery-module.ts';
import type { Ledger } from '../delivery/ledger.ts';
import { type RememberPorts, rememberIds } from '../ses/remember-ids.ts';
import type { Store } from '../store/store.ts';

/** What writing verdicts needs of the world. */
export interface VerdictPorts extends RememberPorts {
  readonly store: Pick<Store, 'ledgers' | 'sentIds'>;
}

/**
 * Makes what is known of a chunk durable, and with it the ids that Amazon SES gave to the copies since the last time; false when somebody else holds the
 * chunk by now.
 */
export const writeVerdicts = async (
  { post, ledger }: Pick<Freight, 'post'> & { readonly ledger: Ledger },
  progress: ChunkProgress,
  rest: AttemptStand,
  ports: VerdictPorts,
): Promise<boolean> => {
  const [written] = await Promise.all([
    ports.store.ledgers.write(ledger, progress.verdicts(rest)),
    rememberIds(post, progress.takeSentAs(), ports),
  ]);
  return written;
};
