import type { MailingList } from '../../lib/lists/list.ts';
import { readListSettings } from '../../lib/lists/settings.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { sendersOf } from '../../lib/mail/senders.ts';
import type { RuleContext } from '../../lib/rules/rule.ts';

/** The list ant@example.com with some settings of its own. */
export const antList = (settings: Readonly<Record<string, unknown>> = {}): MailingList => ({
  list_id: 'ant.example.com',
  list_name: 'ant',
  mail_host: 'example.com',
  created_at: '2026-01-01T00:00:00.000Z',
  settings: readListSettings(settings),
});

/** What a rule knows of a mail to ant@example.com. */
export const contextOf = (
  mail: string | Buffer,
  {
    size = 1000,
    sender = '',
    settings = {},
  }: { size?: number; sender?: string; settings?: Readonly<Record<string, unknown>> } = {},
): RuleContext => {
  const block = parseHeaderBlock(typeof mail === 'string' ? Buffer.from(mail, 'latin1') : mail);
  return {
    list: antList(settings),
    mail: block,
    envelope: { sender, recipient: 'ant@example.com' },
    metadata: { original_size: size, received_time: '2026-01-01T00:00:00.000Z', to_list: true },
    senders: sendersOf(block, sender, ['from', 'from_', 'reply-to', 'sender']),
    hits: [],
  };
};
