import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { readListSettings } from '../../lib/lists/settings.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { readMailText } from '../../lib/mail/mail-text.ts';
import { sendersOf } from '../../lib/mail/senders.ts';
import { type Member, memberSchema } from '../../lib/members/member.ts';
import type { MetadataNotes } from '../../lib/queue/messages.ts';
import { type Answers, noAnswers } from '../../lib/rules/answers.ts';
import type { RuleContext } from '../../lib/rules/rule.ts';

/** The list ant@example.com with some settings of its own. */
export const antList = (settings: Readonly<Record<string, unknown>> = {}): MailingList => ({
  list_id: 'ant.example.com',
  list_name: 'ant',
  mail_host: 'example.com',
  created_at: '2026-01-01T00:00:00.000Z',
  settings: readListSettings(settings),
});

/** Somebody on ant@example.com. */
export const person = (email: string, more: Partial<Member> = {}): readonly [string, Member] => [
  email,
  memberSchema.parse({
    member_id: email,
    list_id: 'ant.example.com',
    role: 'member',
    email,
    subscribed_at: '2026-01-01T00:00:00.000Z',
    ...more,
  }),
];

/** What a test may say of a mail besides its bytes. */
export interface ContextOptions {
  readonly size?: number;
  readonly sender?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly site?: SiteOverrides;
  readonly answers?: Partial<Answers>;
  readonly metadata?: MetadataNotes;
  readonly hits?: readonly string[];
}

/** What a rule knows of a mail to ant@example.com. */
export const contextOf = (
  mail: string | Buffer,
  {
    size = 1000,
    sender = '',
    settings = {},
    site = {},
    answers = {},
    metadata = {},
    hits = [],
  }: ContextOptions = {},
): RuleContext => {
  const block = parseHeaderBlock(typeof mail === 'string' ? Buffer.from(mail, 'latin1') : mail);
  return {
    list: antList(settings),
    site: readSite(site),
    mail: block,
    text: readMailText(block, { first: true, all: true, partFields: true, approved: true }),
    envelope: { sender, recipient: 'ant@example.com' },
    metadata: { original_size: size, received_time: '2026-01-01T00:00:00.000Z', to_list: true, ...metadata },
    senders: sendersOf(block, sender, ['from', 'from_', 'reply-to', 'sender']),
    answers: { ...noAnswers, ...answers },
    hits,
  };
};
