import type { Probe } from '../bounces/bounce-store.ts';
import type { BouncePorts } from './bounce-ports.ts';

/**
 * The probe that a mail of ours was, if it was one, and uses it up: a relay that refuses it at RCPT, and Amazon SES, name the mail and not the token.
 * Whoever comes again by the same mail gets the same answer.
 */
export const probeOfNotice = async (
  id: string,
  { store, clock }: Pick<BouncePorts, 'store' | 'clock'>,
): Promise<Probe | undefined> => {
  const token = (await store.mails.get(id))?.metadata.probe_token;
  return typeof token === 'string' ? store.probes.use(token, `notice ${id}`, clock.now()) : undefined;
};
