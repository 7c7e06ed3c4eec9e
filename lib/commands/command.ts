import type { MailingList } from '../lists/list.ts';
import type { Member, Role } from '../members/member.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import type { CommandText, commandTexts } from '../templates/command-texts.ts';
import type { PasswordCheck } from './confirm-held.ts';

/** What is told of a command: a text by its name, with what stands for its variables. */
export type Told = {
  readonly [N in CommandText]: {
    readonly text: N;
    readonly variables: Readonly<Record<keyof (typeof commandTexts)[N]['variables'], string>>;
  };
}[CommandText];

/** What somebody wishes of a subscription; the mail gives it id, list and time. */
export type CommandWish = Omit<SubscriptionMessage, 'v' | 'type' | 'queue' | 'id' | 'listid' | 'at' | 'by'>;

/** Who sent the commands, as far as a mail can tell: answers go to this address alone, so that a forged one learns nothing. */
export interface Asker {
  readonly email: string;
  readonly name: string;
  /** What the address is on the list. */
  readonly roles: ReadonlySet<Role>;
  /** The address by which the asker would leave: this one, or another one of the same user that is on the list. */
  readonly leaves: string | undefined;
}

/** What a token stands for on this list. */
export interface Confirmable {
  readonly request: SubscriptionRequest;
  /** How it stands with the password that the mail brought. */
  readonly password: PasswordCheck;
}

/** A page of the members that the asker may see. */
export interface RosterPage {
  readonly members: readonly Pick<Member, 'email' | 'display_name'>[];
  readonly more: boolean;
}

/** What a command asks the world before it is done. */
export type Question =
  | { readonly ask: 'token'; readonly token: string }
  | { readonly ask: 'leaves' }
  | ({ readonly ask: 'roster' } & RosterWish);

/** Which of the members are asked for. */
export interface RosterWish {
  readonly delivery?: 'enabled' | 'disabled';
  readonly mode?: 'digest' | 'regular';
  /** From 1 on. */
  readonly page: number;
}

/** All that a command is decided by. */
export interface CommandContext {
  readonly list: MailingList;
  readonly asker: Asker;
  /** The words after the name of the command, as they were written. */
  readonly args: readonly string[];
  /** By the token as it was asked; what is not in it is unknown. */
  readonly tokens: ReadonlyMap<string, Confirmable>;
  /** Undefined when nobody asked for it, or it was asked for too often. */
  readonly roster: RosterPage | undefined;
}

/** What comes of a command. */
export interface CommandAnswer {
  readonly told: readonly Told[];
  readonly wishes: readonly CommandWish[];
  /** Whether the commands behind it are done. */
  readonly afterwards: 'proceed' | 'stop';
  /** Whether somebody is told of it who wrote to an address that is a command by itself: of errors. */
  readonly failed?: boolean;
}

/** A command by mail (mailman-behaviour.md, section 14.2). It is pure: what it needs to know it names in `asks`. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** How it is written. */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  readonly asks?: (
    args: readonly string[],
    asker: Pick<Asker, 'roles'>,
    list: MailingList,
  ) => readonly Question[];
  readonly process: (context: CommandContext) => CommandAnswer;
}

/** An answer that tells one thing. */
export const tells = (told: Told, afterwards: CommandAnswer['afterwards'] = 'proceed'): CommandAnswer => ({
  told: [told],
  wishes: [],
  afterwards,
});

/** An answer that tells why nothing was done. */
export const fails = (told: Told, afterwards: CommandAnswer['afterwards'] = 'proceed'): CommandAnswer => ({
  told: [told],
  wishes: [],
  afterwards,
  failed: true,
});
