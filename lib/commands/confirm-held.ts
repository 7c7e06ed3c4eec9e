import type { HeldMail } from '../held/held-mail.ts';
import { wishAbout } from '../held/wish-about.ts';
import type { ModerationMessage } from '../queue/messages.ts';
import type { HeldOutcome } from './command-outcome.ts';

/** How it stands with the password of a mail that confirms. */
export type PasswordCheck = 'none given' | 'right' | 'wrong' | 'too many attempts';

/** What is known of a mail that answers a moderation request. */
export interface Confirmation {
  readonly held: HeldMail;
  /** The id of the mail; it names the wish. */
  readonly id: string;
  /** Its envelope sender. */
  readonly by: string;
  /** Why the mail is automatic; undefined when it is not. */
  readonly automatic: string | undefined;
  readonly password: PasswordCheck;
}

/** An outcome with the sentence that tells it to whoever asks what became of the mail. */
export interface Confirmed {
  readonly outcome: HeldOutcome;
  readonly reason: string;
}

/**
 * Decides on an answer to a moderation request, as Mailman does (mailman-behaviour.md, section 14.2): with the moderators'
 * password the held mail is accepted, without one it is discarded, and with a wrong one nothing happens. Automatic mail
 * decides nothing (design, rule 11).
 */
export const confirmHeld = (confirmation: Confirmation): Confirmed => {
  const { held, id, by, automatic, password } = confirmation;
  const wish = (deed: 'accept' | 'discard'): ModerationMessage => wishAbout(held, { wish: id, deed, by });
  const which = `the held mail ${held.request_id}`;
  const outcome = (result: HeldOutcome['result'], wished?: ModerationMessage): HeldOutcome => ({
    verb: 'confirm',
    result,
    request_id: held.request_id,
    ...(wished === undefined ? {} : { wish: wished }),
  });
  if (automatic !== undefined) {
    return {
      outcome: outcome('automatic'),
      reason: `It answers the request about ${which}, but decides nothing. ${automatic}`,
    };
  }
  switch (password) {
    case 'none given':
      return { outcome: outcome('done', wish('discard')), reason: `It discards ${which}.` };
    case 'right':
      return { outcome: outcome('done', wish('accept')), reason: `It accepts ${which}.` };
    case 'wrong':
      return {
        outcome: outcome('wrong-password'),
        reason: `It would accept ${which}, but its password is wrong.`,
      };
    case 'too many attempts':
      return {
        outcome: outcome('too-many-attempts'),
        reason: `It has a password for ${which}, but too many were tried in this hour, so that it was not looked at.`,
      };
  }
};
