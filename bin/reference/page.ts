import { durationText } from '../../lib/settings/duration-text.ts';
import type { Setting, SettingTable } from '../../lib/settings/setting.ts';

/** A reference page: settings by section, made from the tables in which they are declared. */
export interface ReferencePage {
  readonly title: string;
  readonly introduction: string;
  readonly sections: Readonly<Record<string, SettingTable>>;
}

// A bar would end the cell of a table, and so would a line end.
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, '<br>');

const inCode = (text: string): string =>
  text
    .split('\n')
    .map((line) => `\`${line}\``)
    .join('<br>');

const fallbackText = ({ fallback, type }: Setting<unknown>): string => {
  if (fallback === null) return 'nothing';
  if (fallback === '') return 'empty';
  if (typeof fallback === 'boolean') return fallback ? 'yes' : 'no';
  if (Array.isArray(fallback)) {
    return fallback.length === 0 ? 'empty' : fallback.map((one) => inCode(String(one))).join(' ');
  }
  if (type === 'span of time') return inCode(durationText(Number(fallback)));
  return inCode(String(fallback));
};

const sectionText = ([name, settings]: readonly [string, SettingTable]): string =>
  [
    `## ${name}`,
    '',
    '| setting | default | value | what it does |',
    '| --- | --- | --- | --- |',
    ...Object.entries(settings).map(
      ([key, setting]) =>
        `| \`${key}\` | ${cell(fallbackText(setting))} | ${cell(setting.type)} | ${cell(setting.doc)} |`,
    ),
  ].join('\n');

/** The page as Markdown. */
export const renderPage = ({ title, introduction, sections }: ReferencePage): string =>
  `${[
    `# ${title}`,
    introduction,
    'This page is made by `node bin/reference/main.ts` from where the settings are declared.',
    ...Object.entries(sections).map(sectionText),
  ].join('\n\n')}\n`;
