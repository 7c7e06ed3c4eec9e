import type { Command } from './command.ts';

/** Ends the commands, so that what stands behind them is not read as such. */
export const end: Command = {
  name: 'end',
  aliases: ['stop'],
  usage: 'end',
  summary: 'Ends the commands, before a signature.',
  process: () => ({ told: [], wishes: [], afterwards: 'stop' }),
};
