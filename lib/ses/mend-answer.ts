import type { Clock } from '../clock/clock.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import { applyEdits, type HeaderEdit, replace } from '../mail/header-edits.ts';
import type { Store } from '../store/store.ts';
import { messageIdsIn } from './message-ids.ts';
import { sesIdOf } from './sent-id.ts';

// An answer names its parent and, seldom, some more of the thread by ids of SES; who names hundreds wants us to read. The last are the nearest.
const mostLookups = 8;

/** The ids of SES that an answer names, the nearest first, as keys and as they stand there. */
const namedIds = (mail: HeaderBlock): ReadonlyMap<string, string> =>
  new Map(
    [...messageIdsIn(mail, 'in-reply-to'), ...messageIdsIn(mail, 'references').toReversed()]
      .flatMap((messageId) => {
        const id = sesIdOf(messageId);
        return id === undefined ? [] : [[messageId, id] as const];
      })
      .slice(0, mostLookups),
  );

/**
 * When nobody knows the id any more: our copies named the original last in References, so that it stands right before the parent in the answer's. Only
 * the last one is taken for a copy of ours, because members may use SES themselves, and their ids are originals.
 */
const byReferences = (references: readonly string[]): ReadonlyMap<string, string> => {
  const [original, parent] = references.slice(-2);
  if (original === undefined || parent === undefined) return new Map();
  return sesIdOf(parent) === undefined || sesIdOf(original) !== undefined
    ? new Map()
    : new Map([[parent, original]]);
};

const mended = (
  mail: HeaderBlock,
  name: 'In-Reply-To' | 'References',
  originals: ReadonlyMap<string, string>,
): readonly HeaderEdit[] => {
  const ids = messageIdsIn(mail, name.toLowerCase());
  if (!ids.some((id) => originals.has(id))) return [];
  return replace(name, [...new Set(ids.map((id) => originals.get(id) ?? id))].join(' '));
};

/**
 * An answer as it would be had SES left our Message-IDs alone: In-Reply-To and References name the posts that the other members know, each once.
 * `originals` has the original for each Message-ID of SES that is known.
 */
const mendAnswer = (mail: HeaderBlock, originals: ReadonlyMap<string, string>): HeaderBlock => {
  const known = originals.size > 0 ? originals : byReferences(messageIdsIn(mail, 'references'));
  return applyEdits(mail, [...mended(mail, 'In-Reply-To', known), ...mended(mail, 'References', known)]);
};

/** Mends an answer by what is remembered; a mail that names no id of SES costs no request. */
export const mendAnswerFrom = async (
  mail: HeaderBlock,
  { store, clock }: { readonly store: Pick<Store, 'sentIds'>; readonly clock: Clock },
): Promise<HeaderBlock> => {
  const named = [...namedIds(mail)];
  if (named.length === 0) return mail;
  const found = await Promise.all(named.map(([, id]) => store.sentIds.find(id, clock.now())));
  const originals = new Map(
    named.flatMap(([messageId], index) => {
      const original = found[index];
      return original === undefined ? [] : [[messageId, original] as const];
    }),
  );
  return mendAnswer(mail, originals);
};
