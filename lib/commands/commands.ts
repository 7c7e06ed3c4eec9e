import type { Command } from './command.ts';
import { confirm } from './confirm.ts';
import { echo } from './echo.ts';
import { end } from './end.ts';
import { helpAbout } from './help.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { who } from './who.ts';

const others: readonly Command[] = [confirm, echo, end, join, leave, who];

/** Every command by mail, by name. */
export const commands: readonly Command[] = [...others, helpAbout(others)].toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

const byName: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command] as const)),
);

/** The command of that name or alias, which is in lower case. */
export const commandNamed = (name: string): Command | undefined => byName.get(name);
