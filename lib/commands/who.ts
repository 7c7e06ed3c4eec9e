import type { MailingList } from '../lists/list.ts';
import type { Role } from '../members/member.ts';
import { memberLine } from '../members/member-fields.ts';
import { oneLine } from '../notices/one-line.ts';
import { namedArgument } from './arguments.ts';
import { type Asker, type Command, fails, type RosterWish, type Told, tells } from './command.ts';

/** Who may see the members, by the list's setting. */
const seers: Readonly<
  Record<MailingList['settings']['member_roster_visibility'], readonly Role[] | 'everyone'>
> = {
  public: 'everyone',
  members: ['member', 'owner', 'moderator'],
  moderators: ['owner', 'moderator'],
};

const maySee = ({ settings }: MailingList, { roles }: Pick<Asker, 'roles'>): boolean => {
  const who = seers[settings.member_roster_visibility];
  return who === 'everyone' || who.some((role) => roles.has(role));
};

/** What one word asks for; undefined when it is none of this command's. */
const wishedBy = (word: string): Partial<RosterWish> | undefined => {
  const { name, value = '' } = namedArgument(word) ?? {};
  const wanted = value.toLowerCase();
  if (name === 'delivery' && (wanted === 'enabled' || wanted === 'disabled')) return { delivery: wanted };
  if (name === 'mode' && (wanted === 'digest' || wanted === 'regular')) return { mode: wanted };
  return name === 'page' && /^[1-9]\d{0,4}$/.test(value) ? { page: Number(value) } : undefined;
};

/** Which members are wished for, or the word that is not understood. */
const wishOf = (args: readonly string[]): RosterWish | string => {
  let wish: RosterWish = { page: 1 };
  for (const word of args) {
    const more = wishedBy(word);
    if (more === undefined) return word;
    wish = { ...wish, ...more };
  }
  return wish;
};

/** Lists the members, as far as the list lets the asker see them, a page in a mail. */
export const who: Command = {
  name: 'who',
  aliases: [],
  usage: 'who [delivery=enabled|disabled] [mode=digest|regular] [page=NUMBER]',
  summary: 'Lists the members, if you may see them.',
  asks: (args, asker, list) => {
    const wish = wishOf(args);
    return typeof wish === 'string' || !maySee(list, asker) ? [] : [{ ask: 'roster', ...wish }];
  },
  process: ({ args, list, asker, roster }) => {
    if (!maySee(list, asker)) return fails({ text: 'list:user:command:who-refused', variables: {} }, 'stop');
    const wish = wishOf(args);
    if (typeof wish === 'string') {
      return fails(
        { text: 'list:user:command:who-argument', variables: { argument: oneLine(wish, 60) } },
        'stop',
      );
    }
    if (roster === undefined) return fails({ text: 'list:user:command:who-often', variables: {} });
    const { members, more: isMore } = roster;
    if (members.length === 0) return tells({ text: 'list:user:command:who-nobody', variables: {} });
    const shown: Told = {
      text: 'list:user:command:who',
      variables: {
        count: String(members.length),
        members: members
          .map(
            ({ email, display_name }) =>
              `    ${memberLine({ email, display_name: oneLine(display_name, 60) })}`,
          )
          .join('\n'),
      },
    };
    const more: Told = {
      text: 'list:user:command:who-more',
      variables: { next: String(wish.page + 1) },
    };
    return { told: isMore ? [shown, more] : [shown], wishes: [], afterwards: 'proceed' };
  },
};
