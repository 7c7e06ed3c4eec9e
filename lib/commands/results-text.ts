import { addressKey } from '../addresses/email-address.ts';
import { listAddress, type MailingList } from '../lists/list.ts';
import { decoded, type HeaderBlock } from '../mail/header-block.ts';
import { type Links, linkParagraph } from '../notices/links.ts';
import { oneLine } from '../notices/one-line.ts';
import { type CommandText, commandTexts } from '../templates/command-texts.ts';
import { type RenderPorts, renderText } from '../templates/render.ts';
import type { CommandsOutcome } from './command-outcome.ts';

/** A field of the mail that is answered, as a line of the answer; headers are quoted, and nothing of the text. */
const fieldShown = (mail: HeaderBlock, key: string): string => {
  const field = mail.fields.find((one) => one.key === key);
  const value = field === undefined ? '' : oneLine(decoded(field), 120);
  return value === '' ? 'n/a' : value;
};

const isCommandText = (name: string): name is CommandText => Object.hasOwn(commandTexts, name);

/** What writing results needs of the world; without links there are no web pages. */
export type ResultsTextPorts = RenderPorts & {
  readonly site: { readonly mailman: { readonly email_commands_max_lines: number } };
  readonly links?: Pick<Links, 'join'>;
};

/**
 * Writes what came of the commands of a mail, each by a text that a site can replace; what a record tells that this version has no text for is left
 * out.
 */
export const resultsText = async (
  { asker, known, lines, unprocessed, ignored, others }: CommandsOutcome,
  mail: HeaderBlock,
  list: MailingList,
  ports: ResultsTextPorts,
): Promise<string> => {
  const render = async (name: string, variables: Readonly<Record<string, string>>): Promise<string> =>
    isCommandText(name)
      ? (await renderText({ name, builtIn: commandTexts[name].text }, list, variables, ports)).trimEnd()
      : '';
  const results: string[] = [];
  for (const { line, told } of lines) {
    const texts: string[] = [];
    for (const { text, variables } of told) texts.push(await render(text, variables));
    results.push([`    > ${line}`, ...texts].filter((one) => one !== '').join('\n\n'));
  }
  const remarks: string[] = [];
  if (unprocessed.length > 0) {
    const after = unprocessed.map((line) => `    > ${line}`).join('\n');
    remarks.push(await render('list:user:command:unprocessed', { lines: after }));
  }
  if (ignored > 0) {
    const most = String(ports.site.mailman.email_commands_max_lines);
    remarks.push(await render('list:user:command:ignored', { count: String(ignored), most }));
  }
  if (others) remarks.push(await render('list:user:command:other-parts', {}));
  if (!known) {
    const page = await ports.links?.join({ list_id: list.list_id, email: addressKey(asker) });
    const variables = {
      join_email: listAddress(list, 'join'),
      page: linkParagraph('Or open this page now, and press the button that is there:', page),
    };
    remarks.push(await render('list:user:command:stranger', variables));
  }
  const text = await render('list:user:notice:command-results', {
    sender: fieldShown(mail, 'from'),
    subject: fieldShown(mail, 'subject'),
    date: fieldShown(mail, 'date'),
    message_id: fieldShown(mail, 'message-id'),
    results: results.join('\n\n'),
    remarks: remarks.join('\n\n'),
  });
  return `${text.replace(/\n{3,}/g, '\n\n')}\n`;
};
