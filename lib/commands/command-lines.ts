import type { HeaderBlock } from '../mail/header-block.ts';
import type { MailMessage } from '../queue/messages.ts';
import type { Command } from './command.ts';
import { commandNamed } from './commands.ts';
import { confirmTokens } from './confirm-tokens.ts';
import { readOwnText } from './own-text.ts';
import { quotedTokenIn } from './quoted-token.ts';
import { ownWordsEnd } from './reply-marks.ts';
import { subjectText } from './subject-text.ts';

/** A line of a mail, and the command that it is; no command when there is none of that name. */
export interface CommandLine {
  readonly line: string;
  readonly command?: Command;
  readonly args: readonly string[];
}

/** What a mail says to Belfry. */
export interface CommandLines {
  /** In their order: the subject first. */
  readonly lines: readonly CommandLine[];
  /** How many lines of text were not looked at. */
  readonly ignored: number;
  /** Whether the mail has parts that hold no commands. */
  readonly others: boolean;
  /** Whether the address alone says it, so that nothing else is read, and nobody is told but of errors. */
  readonly byAddress: boolean;
}

/** No line of a command is longer. */
const longest = 400;
// Telephones end a word with a dot, and people put commands into quotes.
const dressing = /^["'*`«„“”]+|["'*`»“”.,;:!]+$/g;

/** Reads one line: its first word is the command, or the second, as Mailman reads it, for the sake of a `Re:`. */
export const readCommandLine = (text: string): CommandLine => {
  const line = text.trim().slice(0, longest);
  const words = line.split(/\s+/);
  for (const at of [0, 1]) {
    const name = words[at]?.replace(dressing, '').toLowerCase() ?? '';
    const command = commandNamed(name);
    if (command !== undefined) return { line, command, args: words.slice(at + 1) };
  }
  return { line, args: [] };
};

const byAddress = (lines: readonly CommandLine[]): CommandLines => ({
  lines,
  ignored: 0,
  others: false,
  byAddress: true,
});

/** The token in an answer that says nothing else: programs quote the subject and the text of what they answer. */
const quotedToken = (lines: readonly string[]): readonly string[] => {
  for (const line of lines) {
    const token = quotedTokenIn(line);
    if (token !== undefined) return [token];
  }
  return [];
};

/** How many lines are searched for a quoted token. */
const mostQuoted = 200;

/** The line by which a mail to -confirm, -join or -leave is a command by itself (mailman-behaviour.md, section 14.1). */
const lineOfAddress = (
  message: Pick<MailMessage, 'envelope' | 'metadata'>,
  mail: HeaderBlock,
): CommandLine | undefined => {
  const { subaddress } = message.metadata;
  if (subaddress === 'join' || subaddress === 'leave') return readCommandLine(subaddress);
  if (subaddress !== 'confirm') return undefined;
  const [token] = confirmTokens(message, mail, '');
  return token === undefined ? undefined : readCommandLine(`confirm ${token}`);
};

/**
 * What is read of a mail (mailman-behaviour.md, section 14.1): what its address says, else the subject and the first lines that its writer wrote; and only
 * when there is no command in them, a token that is quoted. A mail that says nothing at all asks for help.
 */
export const commandLinesOf = (
  message: Pick<MailMessage, 'envelope' | 'metadata'>,
  mail: HeaderBlock,
  mostLines: number,
): CommandLines => {
  const addressed = lineOfAddress(message, mail);
  if (addressed !== undefined) return byAddress([addressed]);
  const { lines: text, others } = readOwnText(mail);
  const own = text.slice(0, ownWordsEnd(text)).filter((line) => line.trim() !== '' && !/^\s*[>|]/.test(line));
  const subject = subjectText(mail);
  const read = [...(subject === '' ? [] : [subject]), ...own.slice(0, mostLines)].map(readCommandLine);
  const rest = { ignored: Math.max(0, own.length - mostLines), others, byAddress: false };
  if (read.some(({ command }) => command !== undefined)) return { lines: read, ...rest };
  const [token] = quotedToken(text.slice(0, mostQuoted));
  if (token !== undefined) return { lines: [readCommandLine(`confirm ${token}`)], ...rest };
  return { lines: read.length === 0 ? [readCommandLine('help')] : read, ...rest };
};
