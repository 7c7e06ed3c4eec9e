import { createHash } from 'node:crypto';
import { bouncesOfSesEvent } from '../bounces/ses-bounces.ts';
import type { SesEvent } from '../ses/ses-event.ts';
import { labelsOf } from '../ses/tags.ts';
import { applyBounces } from './bounce-events.ts';
import type { BouncePorts } from './bounce-ports.ts';
import { probeOfNotice } from './probe-of-notice.ts';

/** When it happened, and the id of the report, by which a second delivery of SNS is recognised. */
const told = (event: SesEvent): { readonly at: string; readonly feedbackId: string | undefined } => {
  switch (event.eventType) {
    case 'Bounce':
      return { at: event.bounce.timestamp, feedbackId: event.bounce.feedbackId };
    case 'Complaint':
      return { at: event.complaint.timestamp, feedbackId: event.complaint.feedbackId };
    case 'DeliveryDelay':
      return { at: event.deliveryDelay.timestamp, feedbackId: undefined };
    case 'Reject':
    case 'Rendering Failure':
      return { at: event.mail.timestamp, feedbackId: undefined };
  }
};

/** The event's own name: SNS may deliver it twice, and then it is the same bytes. */
const nameOf = (event: SesEvent): string => {
  const { feedbackId } = told(event);
  const digest = createHash('sha256').update(JSON.stringify(event)).digest('hex').slice(0, 16);
  return `ses ${event.mail.messageId} ${feedbackId ?? digest}`;
};

/** The post was refused by SES after it was taken: the owners hear of it once, as of a relay's refusal of a post (design, rule 9). */
const refusedPost = async (
  event: SesEvent,
  post: string,
  listid: string,
  ports: BouncePorts,
): Promise<void> => {
  await ports.queues.send([
    {
      v: 1,
      type: 'trouble',
      queue: 'command',
      id: post,
      listid,
      trouble: 'refused-post',
      // RFC 3463: 5.7.1 refuses by policy, 5.6.0 because of the content.
      reply: event.eventType === 'Reject' ? '554 5.7.1' : '554 5.6.0',
      at: told(event).at,
    },
  ]);
};

/**
 * Takes what Amazon SES tells of a mail. Its tags name list and post; without the list there is nobody whose score it could be, and the log tells that. The
 * mail by which SES reports the same bounce is known by its day, or by the Message-ID that it returns, and so counts once (mailman-behaviour.md, section 13.2).
 */
export const runSesEvent = async (event: SesEvent, ports: BouncePorts): Promise<void> => {
  const { post, list: listId = '' } = labelsOf(event.mail.tags);
  const list = listId === '' ? undefined : await ports.store.lists.uncounted(listId);
  const id = nameOf(event);
  const { eventType } = event;
  if (
    list !== undefined &&
    post !== undefined &&
    (eventType === 'Reject' || eventType === 'Rendering Failure')
  ) {
    await refusedPost(event, post, listId, ports);
  }
  const bounces = list?.settings.process_bounces === true ? bouncesOfSesEvent(event) : [];
  const isHard = bounces.some(({ kind }) => kind === 'permanent');
  const probe = post === undefined || !isHard ? undefined : await probeOfNotice(post, ports);
  const events =
    list === undefined
      ? []
      : bounces.map((bounce) => ({
          id: `${id} ${bounce.address.toLowerCase()}`,
          list,
          bounce,
          at: told(event).at,
          source: 'ses' as const,
          mail: event.mail.messageId,
          context: probe === undefined ? ('normal' as const) : ('probe' as const),
          ...(probe === undefined ? {} : { probed: probe.member_id }),
        }));
  await applyBounces({ id: post ?? id, listId, source: 'ses', events }, ports);
};
