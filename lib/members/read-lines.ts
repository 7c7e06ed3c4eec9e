import type { Role } from './member.ts';
import { parseMemberLine } from './member-line.ts';
import type { Said, Wish } from './wanted-member.ts';

/** Reads lines that each name somebody (see {@link parseMemberLine}); of all of them the same is said. */
export const readLines = async function* (
  lines: AsyncIterable<string> | Iterable<string>,
  role: Role,
  said: Said = {},
): AsyncIterable<Wish> {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const parsed = parseMemberLine(text);
    if (parsed.kind === 'invalid') yield { kind: 'invalid', line, text, reason: parsed.reason };
    if (parsed.kind === 'member') {
      const { email, display_name } = parsed;
      yield { kind: 'wanted', wanted: { line, role, email, display_name, said } };
    }
  }
};
