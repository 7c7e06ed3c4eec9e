import * as z from 'zod';
import { parseEmailAddress } from '../addresses/email-address.ts';
import { deliveryModes, deliveryStatuses, moderationActions, roles } from '../members/member.ts';
import type { Said, Wish } from '../members/wanted-member.ts';
import { ImportError, type Imported } from './imported.ts';
import { jsonDocuments } from './json-documents.ts';

/** What Belfry takes of a member of Mailman's REST API (mailman-rest.md, section 2). */
const taken = new Set([
  'email',
  'display_name',
  'role',
  'delivery_mode',
  'delivery_status',
  'moderation_action',
]);

/** What is the same here without being taken, or means nothing outside of Mailman. */
const meaningless = new Set(['address', 'user', 'self_link', 'member_id', 'list_id', 'http_etag']);

/** What is left behind, and why. */
const leftBehind: Readonly<Record<string, string>> = {
  bounce_score: 'Bounce scores begin anew.',
  last_bounce_received: 'Bounce scores begin anew.',
  last_warning_sent: 'Bounce scores begin anew.',
  total_warnings_sent: 'Bounce scores begin anew.',
};

const memberSchema = z.looseObject({ email: z.string() });
const pageSchema = z.looseObject({ total_size: z.number(), entries: z.array(z.unknown()).default([]) });

const saidSchema = z.object({
  delivery_mode: z.enum(deliveryModes).optional(),
  delivery_status: z.enum(deliveryStatuses).optional(),
  moderation_action: z.enum(moderationActions).optional(),
});
const restSchema = z.object({
  display_name: z.string().default(''),
  role: z.enum(roles).default('member'),
  subscription_mode: z.enum(['as_address', 'as_user']).default('as_address'),
});

/** The members of a document: a page of a roster, a list of members, or one. */
const membersOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  const page = pageSchema.safeParse(value);
  return page.success ? page.data.entries : [value];
};

// A member of the API leaves out what is null, and exports of other tools write it.
const withoutNull = (member: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(member).filter(([, value]) => value !== null));

const faultOf = (error: z.ZodError, member: Readonly<Record<string, unknown>>): string => {
  const name = String(error.issues[0]?.path[0] ?? '');
  return `Belfry does not know what ${JSON.stringify(member[name])} means as ${name} of ${member.email}`;
};

/**
 * Reads members as the REST API of Mailman 3 tells them: pages of `/lists/ID/roster/ROLE` or of `/members/find`, as many as there are, and also the bare
 * members. The number of a member in the file stands for a line.
 * @throws ImportError when the file is not JSON.
 */
export const readMailmanRest = (text: string): Imported => {
  const wishes: Wish[] = [];
  const notKept = new Set<string>();
  const lists = new Set<string>();
  let number = 0;
  let asUser = 0;
  for (const { value } of jsonDocuments(text)) {
    for (const entry of membersOf(value)) {
      number += 1;
      const shown = JSON.stringify(entry).slice(0, 200);
      const invalid = (reason: string): void => {
        wishes.push({ kind: 'invalid', line: number, text: shown, reason });
      };
      const parsed = memberSchema.safeParse(entry);
      if (!parsed.success) {
        invalid('this is no member of Mailman, which has an "email"');
        continue;
      }
      const member = withoutNull(parsed.data);
      const email = parseEmailAddress(parsed.data.email);
      if (email === undefined) {
        invalid(`"${parsed.data.email}" is not an e-mail address`);
        continue;
      }
      const said = saidSchema.safeParse(member);
      const rest = restSchema.safeParse(member);
      const wrong = said.error ?? rest.error;
      if (!said.success || !rest.success || wrong !== undefined) {
        if (wrong !== undefined) invalid(faultOf(wrong, member));
        continue;
      }
      if (/\p{Cc}/u.test(rest.data.display_name)) {
        invalid('the name has control characters');
        continue;
      }
      if (typeof member.list_id === 'string') lists.add(member.list_id);
      if (rest.data.subscription_mode === 'as_user') asUser += 1;
      for (const name of Object.keys(member)) {
        if (taken.has(name) || meaningless.has(name) || name === 'subscription_mode') continue;
        notKept.add(leftBehind[name] ?? `Belfry does not know "${name}", and took nothing from it.`);
      }
      const { display_name, role } = rest.data;
      const own: Said = said.data;
      wishes.push({ kind: 'wanted', wanted: { line: number, role, email, display_name, said: own } });
    }
  }
  if (lists.size > 1) {
    throw new ImportError(
      `The file has members of ${lists.size} lists (${[...lists].slice(0, 3).join(', ')}); one list is imported at a time`,
    );
  }
  return {
    wishes,
    notKept: [
      ...notKept,
      ...(asUser > 0
        ? [`${asUser} were subscribed as users; they are subscribed by the address that the file names.`]
        : []),
    ],
  };
};
