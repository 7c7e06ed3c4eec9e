import type { ListSettings } from '../lists/settings.ts';
import type { BounceStep } from '../members/bounce-state.ts';
import { takesMail } from '../members/effective.ts';
import type { Member } from '../members/member.ts';
import { type BounceEvent, whyText } from './bounce-event.ts';

/** What comes of an event for a member. */
export type NextStep =
  | {
      readonly kind: 'step';
      readonly step: BounceStep;
      readonly changes: Readonly<Record<string, unknown>>;
    }
  /** This very event was committed before: only what follows is to be done, for the member as it was then. */
  | { readonly kind: 'again'; readonly step: BounceStep; readonly member: Member }
  | { readonly kind: 'nothing'; readonly because: 'residual' | 'same-day' | 'same-mail' };

/** What of the list and the site decides. */
export interface StepSettings {
  readonly settings: Pick<ListSettings, 'bounce_score_threshold' | 'bounce_info_stale_after'>;
  readonly verp_probes: boolean;
}

/** The UTC day of a moment, as it can be compared. */
export const dayOf = (iso: string): string => new Date(iso).toISOString().slice(0, 10);

/** The step that this very event made before. */
const madeBefore = (member: Member, id: string): NextStep | undefined => {
  const { bounce_event, bounce_step, bounce_before: before } = member;
  if (bounce_event === id && bounce_step !== undefined) return { kind: 'again', step: bounce_step, member };
  if (before?.event !== id) return undefined;
  return {
    kind: 'again',
    step: before.step,
    member: { ...member, bounce_score: before.score, bounce_why: before.why },
  };
};

/** What the member keeps of the step that is the last one until now. */
const asBefore = ({ bounce_event, bounce_step, bounce_score = 0, bounce_why }: Member) =>
  bounce_event === undefined || bounce_step === undefined
    ? {}
    : {
        bounce_before: {
          event: bounce_event,
          step: bounce_step,
          score: bounce_score,
          ...(bounce_why === undefined ? {} : { why: bounce_why }),
        },
      };

/**
 * What a bounce that scores does to a member (mailman-behaviour.md, section 13.2): once a day, address and mail, anew when the last one is long ago; at the
 * threshold delivery is disabled, or the address is probed and begins at 0. Who gets no posts has nothing that could bounce but what was on its way.
 */
export const nextStep = (
  member: Member,
  { id, at, context, bounce, mail }: Pick<BounceEvent, 'id' | 'at' | 'context' | 'bounce' | 'mail'>,
  { settings, verp_probes }: StepSettings,
): NextStep => {
  const made = madeBefore(member, id);
  if (made !== undefined) return made;
  if (!takesMail(member)) return { kind: 'nothing', because: 'residual' };
  const last = member.last_bounce_received;
  const fresh =
    last === undefined || Date.parse(at) - Date.parse(last) > settings.bounce_info_stale_after * 1000;
  const said = {
    bounce_why: whyText(bounce),
    bouncing_since: fresh ? at : (member.bouncing_since ?? at),
    bounce_event: id,
    ...asBefore(member),
    bounced_mail: mail ?? null,
  };
  const disabled = {
    ...said,
    delivery_status: 'by_bounces',
    total_warnings_sent: 0,
    last_warning_sent: null,
    bounce_step: 'disabled',
  };
  if (context === 'probe') {
    return { kind: 'step', step: 'disabled', changes: { ...disabled, last_bounce_received: at } };
  }
  if (last !== undefined && dayOf(at) <= dayOf(last)) return { kind: 'nothing', because: 'same-day' };
  // Amazon SES tells of a bounce by an event and by a mail, and midnight may lie between them.
  if (mail !== undefined && mail === member.bounced_mail) return { kind: 'nothing', because: 'same-mail' };
  const score = fresh ? 1 : (member.bounce_score ?? 0) + 1;
  const scored = { bounce_score: score, last_bounce_received: at };
  if (score < settings.bounce_score_threshold) {
    return { kind: 'step', step: 'scored', changes: { ...said, ...scored, bounce_step: 'scored' } };
  }
  return verp_probes
    ? {
        kind: 'step',
        step: 'probed',
        changes: { ...said, ...scored, bounce_score: 0, bounce_step: 'probed' },
      }
    : { kind: 'step', step: 'disabled', changes: { ...disabled, ...scored } };
};
