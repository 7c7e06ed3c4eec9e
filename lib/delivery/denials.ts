import { isDone, type Reply, replyText } from '../smtp/reply.ts';

// RFC 3463, sections 3.2 and 3.8: the sender's address is not liked, or a policy forbids it.
const ofPolicy = /^5\d\d[ -]5\.(?:7\.\d{1,3}|1\.[78])\b/;
const ofSender = /^5\d\d[ -]5\.1\.[78]\b/;

/** Words by which servers say that they do not relay for us; qmail has a list of hosts that it takes mail for. */
const deniesRelaying =
  /\brelay(?:ing)?\b.{0,40}\b(?:denied|prohibited|not (?:permitted|allowed))|unable to relay|(?:not (?:permitted|allowed) to|do(?:es)? not) relay|allowed rcpthosts/i;
/** Words by which they say that it is our host, our sender or our login that they refuse, and no recipient of theirs. */
const namesHostOrLogin =
  /client (?:host|address)\b|sender address\b|helo command\b|not logged in|authentication required/i;

const namesUs = (text: string): boolean => deniesRelaying.test(text) || namesHostOrLogin.test(text);

const saysUs = (text: string): boolean => ofSender.test(text) || namesUs(text);

/** Postfix denies relaying with 454 unless told otherwise (its `smtpd_relay_restrictions`): nobody is put off by that, and waiting mends nothing. */
const isDenial = (text: string): boolean =>
  ofPolicy.test(text) || (text.startsWith('4') && deniesRelaying.test(text));

/**
 * A refusal of a recipient in one line. Servers without enhanced codes deny relaying in words alone, and a reply without a code would count as one on the
 * mailbox: they are given the code of what they say (RFC 3463, section 3.8).
 */
export const refusalText = (reply: Reply): string => {
  const text = replyText(reply);
  if (reply.code < 550 || /^\d{3}[ -][245]\.\d{1,3}\.\d{1,3}\b/.test(text) || !namesUs(text)) return text;
  return text.replace(/^(\d{3})[ -]?/, '$1 5.7.1 ');
};

/** So many recipients or domains in one transaction, or in succession, and it is no matter of theirs. */
const enough = { atOnce: 2, inSuccession: 3 } as const;

/** A relay that has denied nothing for so long is asked as if it never had. */
const forgottenMs = 3_600_000;

const longestText = 500;

// The reason why delivery is parked stands in the log, and no addresses do.
const withoutAddresses = (text: string): string =>
  text.slice(0, longestText).replace(/[^\s<>@]+@[^\s<>@:;,]+/g, '...');

/** What a relay said to the recipients of one transaction. */
export interface Asked {
  readonly recipients: readonly string[];
  /** By position; undefined where it said nothing. */
  readonly rcpt: readonly (Reply | undefined)[];
}

/** What a relay said by which it refuses us, or may. */
export interface Denial {
  readonly of: 'us' | 'us or them';
  /** Without addresses. */
  readonly reply: string;
  /** Whether its words name us. */
  readonly inWords: boolean;
}

/**
 * Tells a relay that refuses us at RCPT from one that refuses recipients (design, rule 9). The same codes stand for both: 5.7.1 is "relaying denied", and it is
 * "this domain blocks you". It is us when nobody of a transaction was taken, and it is said to several: of several domains, since a domain may well block
 * us, or of whatever domains where the words leave no doubt. Where each has a transaction of its own, several in succession are as good.
 */
export class Denials {
  /** Whom the relay has refused so since it took somebody last: by domain, or by address where the words leave no doubt. */
  readonly #since = new Set<string>();
  #lastAt = 0;

  /** Takes notice of a transaction that ended at a moment; undefined when it tells nothing of us. */
  judge({ recipients, rcpt }: Asked, now: number): Denial | undefined {
    if (rcpt.some((reply) => reply !== undefined && isDone(reply))) {
      this.#since.clear();
      return undefined;
    }
    const texts = rcpt.map((reply) => (reply === undefined ? '' : refusalText(reply)));
    const [first] = texts;
    if (first === undefined || !texts.every(isDenial)) return undefined;
    const here = new Set(
      recipients.map((recipient, position) => {
        const address = recipient.toLowerCase();
        return saysUs(texts[position] ?? '') ? address : address.slice(address.lastIndexOf('@') + 1);
      }),
    );
    if (now - this.#lastAt > forgottenMs) this.#since.clear();
    this.#lastAt = now;
    for (const one of here) this.#since.add(one);
    return {
      of: here.size >= enough.atOnce || this.#since.size >= enough.inSuccession ? 'us' : 'us or them',
      reply: withoutAddresses(first),
      inWords: texts.every(saysUs),
    };
  }
}
