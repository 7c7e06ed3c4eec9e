import { bounceTexts } from './bounce-texts.ts';
import { commandTexts } from './command-texts.ts';
import { type Template, templates } from './templates.ts';

/**
 * Every text that a site can replace. They are in two tables, because what decides on posts never writes the answers to commands, and its start is
 * waited for.
 */
export const allTexts = { ...templates, ...commandTexts, ...bounceTexts } as const satisfies Readonly<
  Record<string, Template>
>;

/** The name of any text. */
export type TextName = keyof typeof allTexts;

/** The names of all texts. */
export const textNames = Object.keys(allTexts).filter((name): name is TextName => name in allTexts);
