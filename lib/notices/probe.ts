import { createHmac } from 'node:crypto';
import { listAddress, postingAddress } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import type { BounceNews } from './bounce-owner.ts';
import { bounceText } from './bounce-text.ts';
import { compose } from './compose.ts';
import { oneLine } from './one-line.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** What probing needs of the world. */
export type ProbePorts = NoticePorts & { readonly store: Pick<Store, 'probes' | 'secrets'> };

/** How long a probe may take to come back (mailman-behaviour.md, section 16). */
const life = 10 * 86_400_000;

/**
 * Probes a member: a mail with an envelope sender of its own, `LIST-bounces+TOKEN@`, and the bounce attached; when it comes back, the address is dead
 * (mailman-behaviour.md, section 13.3). The token follows from the event by a key that nobody else has, so that a repetition sends the same
 * probe and no stranger can guess it.
 */
export const sendProbe = async (
  { cause, list, member, at, blob }: BounceNews,
  ports: ProbePorts,
): Promise<void> => {
  const { store } = ports;
  const kind = 'list:user:notice:probe';
  const { email, member_id } = member;
  const token = createHmac('sha256', await store.secrets.key('probe'))
    .update(JSON.stringify([cause, list.list_id, member_id]))
    .digest('hex')
    .slice(0, 40);
  const expires_at = new Date(at.getTime() + life).toISOString();
  await store.probes.put({
    token,
    list_id: list.list_id,
    member_id,
    email,
    at: at.toISOString(),
    expires_at,
  });
  const text = await bounceText(kind, list, { user_email: email }, ports);
  const bytes = blob === undefined ? undefined : await ports.blobs.get(blob);
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: email,
      at,
      metadata: { verp: false, probe_token: token },
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: oneLine(member.display_name), address: email },
            subject: `Probe of your subscription to ${postingAddress(list)}`,
            bulk: false,
            body: { text, attached: bytes === undefined ? [] : [bytes] },
          },
          identity,
        ),
    },
    ports,
  );
};
