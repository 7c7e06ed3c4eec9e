import type { Reply } from './reply.ts';

/** What a server offers: keywords in capitals, and what follows each (RFC 5321, section 4.1.1.1). */
export type Extensions = ReadonlyMap<string, string>;

/** Reads the reply to EHLO. Its first line is a greeting. Old servers write `AUTH=LOGIN`, which counts as `AUTH LOGIN`. */
export const extensionsOf = ({ lines }: Reply): Extensions => {
  const found = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const [, keyword = '', rest = ''] = /^([A-Za-z0-9-]+)[ =]?(.*)$/.exec(line) ?? [];
    const name = keyword.toUpperCase();
    if (name !== '') found.set(name, [found.get(name), rest].filter(Boolean).join(' '));
  }
  return found;
};
