import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginJoin, continueJoin, type JoinFacts, type JoinFlags } from '../../lib/subscriptions/join.ts';
import { beginLeave, continueLeave, type LeaveFacts } from '../../lib/subscriptions/leave.ts';
import { requestStates } from '../../lib/subscriptions/request.ts';
import type { Step, TokenDeed } from '../../lib/subscriptions/step.ts';
import { templateNames } from '../../lib/templates/templates.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/subscriptions.md'), 'utf8');

/** The rows of the tables under a heading, each table without its head. */
const tablesUnder = (heading: string): readonly (readonly (readonly string[])[])[] => {
  const [, after = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return (section.match(/(?:^\|.*\n)+/gm) ?? []).map((table) =>
    table
      .trimEnd()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
};

const policies = ['open', 'confirm', 'moderate', 'confirm_then_moderate'] as const;

const shown = (step: Step): string =>
  step.kind === 'to' ? `\`${step.state}\`` : `refused: \`${step.reason}\``;

const flags = { invitation: false, pre_verified: false, pre_confirmed: false, pre_approved: false } as const;
const stranger: Omit<JoinFacts, 'policy'> = {
  valid: true,
  own: false,
  member: false,
  banned: false,
  pending: false,
  verified: false,
};
const verified = { verified: true } as const;
const whoJoins: Readonly<Record<string, Partial<JoinFlags & JoinFacts>>> = {
  'a verified address': verified,
  'a new or unverified address': {},
  'a verified address, pre_confirmed': { ...verified, pre_confirmed: true },
  'a verified address, pre_approved': { ...verified, pre_approved: true },
  'a new address, pre_verified': { pre_verified: true },
  'all three': { pre_verified: true, pre_confirmed: true, pre_approved: true },
  'an invitation': { invitation: true },
  'a member': { member: true },
  'a banned address': { banned: true },
  'one whose request waits': { pending: true },
  'an address of a list here': { own: true },
};
const whoLeaves: Readonly<Record<string, Partial<JoinFlags & LeaveFacts>>> = {
  'a member': {},
  'a member, pre_confirmed': { pre_confirmed: true },
  'a member, pre_approved': { pre_approved: true },
  'one whose request waits': { pending: true },
  'somebody else': { member: false },
};

const deeds = ['confirm', 'accept', 'reject', 'discard'] as const satisfies readonly TokenDeed[];
const deedIn = (cell: string): TokenDeed => {
  const deed = deeds.find((known) => known === cell);
  if (deed === undefined) throw new Error(`There is no deed ${cell}`);
  return deed;
};
/** The states that a cell names. */
const statesIn = (cell: string, waiting: readonly (typeof requestStates)[number][]) =>
  cell === 'any that waits' ? waiting : requestStates.filter((state) => cell === `\`${state}\``);

describe('docs/subscriptions.md', () => {
  const [begins = [], moves = []] = tablesUnder('Joining');
  const [leaves = [], ends = []] = tablesUnder('Leaving');

  it('names everybody', () => {
    expect(begins.map(([who]) => who)).toEqual(Object.keys(whoJoins));
    expect(leaves.map(([who]) => who)).toEqual(Object.keys(whoLeaves));
    expect(moves.length + ends.length).toBe(11);
  });

  it.each(begins)('%s joins', (who, ...cells) => {
    const given = { ...flags, ...stranger, ...whoJoins[who] };
    expect(policies.map((policy) => shown(beginJoin(given, { ...given, policy })))).toEqual(cells);
  });

  it.each(leaves)('%s leaves', (who, ...cells) => {
    const given = { ...flags, member: true, pending: false, ...whoLeaves[who] };
    expect(policies.map((policy) => shown(beginLeave(given, { ...given, policy })))).toEqual(cells);
  });

  it.each(moves)('%s: %s, of who joins', (where, deed, ...cells) => {
    const states = statesIn(where, ['invited', 'confirming', 'moderating']);
    expect(states).not.toEqual([]);
    for (const state of states) {
      const request = { ...flags, state, invitation: state === 'invited' };
      const steps = policies.map((policy) => continueJoin(request, deedIn(deed), { policy, banned: false }));
      expect(steps.map(shown)).toEqual(cells);
    }
  });

  it.each(ends)('%s: %s, of who leaves', (where, deed, ...cells) => {
    const states = statesIn(where, ['confirming', 'moderating']);
    expect(states).not.toEqual([]);
    for (const state of states) {
      const steps = policies.map((policy) => continueLeave({ ...flags, state }, deedIn(deed), { policy }));
      expect(steps.map(shown)).toEqual(cells);
    }
  });

  it('names states and texts that there are', () => {
    const [states = []] = tablesUnder('The mails');
    for (const [, , texts = ''] of states) {
      for (const [, name = ''] of texts.matchAll(/`(.*?)`/g)) expect(templateNames).toContain(name);
    }
    for (const state of requestStates) expect(page).toContain(`| \`${state}\` |`);
  });
});
