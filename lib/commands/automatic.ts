import { type HeaderBlock, unfolded } from '../mail/header-block.ts';

/** The value of a field without comments and parameters, in lower case. */
const word = (value: string): string =>
  value
    .replace(/\([^()]*\)/g, '')
    .replace(/;.*$/s, '')
    .trim()
    .toLowerCase();

const bulk: ReadonlySet<string> = new Set(['bulk', 'junk', 'list']);

/** The fields by which automatic mail is known, each with when it says so (design, rule 11; RFC 3834, section 2). */
const marks: Readonly<Record<string, (value: string) => boolean>> = {
  'auto-submitted': (value) => word(value) !== 'no',
  precedence: (value) => bulk.has(word(value)),
  'content-type': (value) => word(value) === 'multipart/report',
  'x-autoreply': (value) => word(value) !== 'no',
  'x-autorespond': () => true,
};

/**
 * Why a mail is automatic, in a sentence; undefined when a person may have written it. Automatic mail commands nothing and uses up no
 * token: the vacation notice of a moderator must not discard a post.
 */
export const automaticBy = (mail: HeaderBlock, envelopeSender: string): string | undefined => {
  if (envelopeSender === '') return 'It came from the null sender.';
  const mark = mail.fields.find((field) => {
    const says = Object.hasOwn(marks, field.key) ? marks[field.key] : undefined;
    return says?.(unfolded(field)) === true;
  });
  return mark === undefined ? undefined : `Its ${mark.name} says that a machine wrote it.`;
};
