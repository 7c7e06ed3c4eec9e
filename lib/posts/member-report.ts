import type { Blobs } from '../blobs/blobs.ts';
import { type LedgerPorts, readLedger } from './chunks.ts';
import { findRecipient } from './find-recipient.ts';
import type { Roster } from './mail-record.ts';
import { type OutcomeState, outcomeAt } from './outcome.ts';
import { codeWords } from './reply-words.ts';

/** What reporting on one recipient needs of the world. */
export interface MemberReportPorts extends LedgerPorts {
  readonly blobs: () => Promise<Pick<Blobs, 'get'>>;
}

/** How it stands with one recipient. */
export type MemberReport =
  | { readonly kind: 'no recipient' }
  /** What would have to be read has expired. */
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'recipient';
      readonly state: OutcomeState;
      /** The code of the last reply, and the same in plain words. */
      readonly reply: string | undefined;
      readonly why: string | undefined;
      /** How many attempts its chunk has behind it. */
      readonly attempts: number;
      /** When it is due to be tried next, if it waits and that is known. */
      readonly next_attempt_at: string | undefined;
      /** When it is given up, if it waits. */
      readonly give_up_at: string | undefined;
    };

/** Reports how it stands with one recipient of a post. */
export const reportMember = async (
  id: string,
  roster: Roster,
  address: string,
  ports: MemberReportPorts,
): Promise<MemberReport> => {
  const found = await findRecipient(id, roster, address, await ports.blobs());
  if (found.kind !== 'found') return found;
  const ledger = await readLedger(id, roster, found.chunk, ports);
  if (ledger === undefined) return { kind: 'expired' };
  const { give_up, again_at = 0 } = ledger;
  const { state, code } = outcomeAt(ledger, found.index);
  return {
    kind: 'recipient',
    state,
    reply: code,
    why: code === undefined ? undefined : codeWords(code),
    attempts: ledger.done ? ledger.attempt + 1 : ledger.attempt,
    next_attempt_at:
      ledger.done || again_at <= ports.clock.now().getTime() ? undefined : new Date(again_at).toISOString(),
    give_up_at: ledger.done || give_up === undefined ? undefined : new Date(give_up).toISOString(),
  };
};
