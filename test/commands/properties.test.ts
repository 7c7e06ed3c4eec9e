import fc from 'fast-check';
import { expect, it } from 'vitest';
import { automaticBy } from '../../lib/commands/automatic.ts';
import type { Asker } from '../../lib/commands/command.ts';
import { commandLinesOf } from '../../lib/commands/command-lines.ts';
import { commandsOutcomeSchema } from '../../lib/commands/command-outcome.ts';
import { questionsOf, runCommands } from '../../lib/commands/run-commands.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { readListSettings } from '../../lib/lists/settings.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';

const list: MailingList = {
  list_id: 'ant.example.com',
  list_name: 'ant',
  mail_host: 'example.com',
  created_at: '2026-01-01T00:00:00.000Z',
  settings: readListSettings({}),
};
const asker: Asker = { email: 'anne@example.org', name: '', roles: new Set(), leaves: undefined };

/** Mails of which the pieces are the ones that matter here, and any bytes between them. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    'Subject: ',
    '=?utf-8?B?',
    '=?iso-8859-1?Q?',
    '?=',
    'Content-Type: text/plain; format=flowed; delsp=yes',
    'Content-Type: text/html',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Transfer-Encoding: base64',
    '--b',
    '--b--',
    '<blockquote>',
    '</blockquote',
    '> ',
    ' ',
    '\r\n',
    '\r\n\r\n',
    'On 1 May Anne wrote:',
    '-- ',
    'help',
    'who page=2 mode=x',
    'join address=',
    'confirm 0123456789abcdef0123',
    'end',
    'echo __proto__ constructor',
  ),
);
const mails = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

it('any bytes are read, decided, and fit for a record', () => {
  fc.assert(
    fc.property(mails, fc.constantFrom('request', 'confirm', 'join', 'leave'), (bytes, subaddress) => {
      const mail = parseHeaderBlock(bytes);
      automaticBy(mail, 'anne@example.org');
      const lines = commandLinesOf(
        {
          envelope: { sender: 'anne@example.org', recipient: 'ant@example.com' },
          metadata: { original_size: 1, received_time: '2026-01-01T00:00:00.000Z', subaddress },
        },
        mail,
        10,
      );
      expect(lines.lines.length).toBeGreaterThan(0);
      expect(lines.lines.length).toBeLessThanOrEqual(11);
      const tokens = questionsOf(lines, asker, list).filter(({ ask }) => ask === 'token');
      expect(tokens.length).toBeLessThanOrEqual(3);
      const { failed, wishes, ...results } = runCommands(lines, {
        list,
        asker,
        tokens: new Map(),
        roster: undefined,
      });
      const outcome = {
        verb: 'commands',
        result: 'done',
        asker: asker.email,
        known: false,
        answer: failed,
        ...results,
        ignored: lines.ignored,
        others: lines.others,
        wishes: [],
      };
      const kept: unknown = JSON.parse(JSON.stringify(outcome));
      expect(commandsOutcomeSchema.parse(kept)).toEqual(kept);
      // Nobody joins or leaves another address than the mail names.
      for (const { deed } of wishes) expect(deed).toBe('join');
    }),
    { numRuns: 2000 },
  );
});
