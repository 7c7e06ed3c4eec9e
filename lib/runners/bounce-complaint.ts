import type { BounceRecord } from '../bounces/bounce-record.ts';
import { type ProofPorts, provedComplainers } from '../bounces/complaint-proof.ts';
import { ourMarks } from '../bounces/our-marks.ts';
import type { VerpOptions } from '../bounces/verp.ts';
import type { MailingList } from '../lists/list.ts';
import type { MailMessage } from '../queue/messages.ts';

/** Why a complaint is left to the owners, as the record has it. */
export const unproved = 'unproved-complaint';

/**
 * Holds a complaint against what went out: the members for whom it proves that it is about a mail of the list are those who complained, and one that proves
 * nothing is told the owners as what nobody recognises. What is no complaint stays as it is.
 */
export const provedComplaint = async (
  record: BounceRecord,
  { bytes, envelope }: Pick<MailMessage, 'envelope'> & { readonly bytes: Buffer },
  list: MailingList,
  ports: ProofPorts & { readonly site: { readonly mta: VerpOptions } },
): Promise<BounceRecord> => {
  const complaints = record.bounces.filter(({ kind }) => kind === 'complaint');
  if (complaints.length === 0 && record.kind !== 'unrecognised') return record;
  const marks = ourMarks({ bytes, ...envelope }, ports.site.mta);
  if (complaints.length === 0 && !marks.complained) return record;
  const named = complaints.map(({ address }) => address);
  const proved = await provedComplainers(list, named, marks, ports);
  if (proved.length === 0) return { kind: 'unrecognised', because: unproved, bounces: [], context: 'normal' };
  const [first] = complaints;
  return {
    kind: 'bounces',
    bounces: proved.map((address) => ({
      address,
      kind: 'complaint',
      why: 'complaint',
      detector: first?.detector ?? 'arf',
    })),
    context: 'normal',
  };
};
