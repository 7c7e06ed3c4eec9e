import { describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { approvedAt } from '../../lib/handlers/approved-at.ts';
import { joinMail, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { applyEdits } from '../../lib/mail/header-edits.ts';
import { type MailRecord, mailRecordSchema } from '../../lib/posts/mail-record.ts';
import { antList } from '../rules/context.ts';

const record = (moderation?: MailRecord['moderation']): MailRecord =>
  mailRecordSchema.parse({
    id: 'm1',
    list_id: 'ant.example.com',
    message_id: '<m1@example.org>',
    blob: 'transit/mail/m1',
    envelope: { sender: 'anne@example.org', recipient: 'ant@example.com' },
    metadata: { original_size: 10, received_time: '2026-01-01T00:00:00.000Z' },
    disposition: 'held',
    decided_at: '2026-01-01T00:00:00.000Z',
    ...(moderation === undefined ? {} : { moderation }),
  });

/** The post and the metadata that the handler makes of a mail. */
const made = (mail: string, moderation?: MailRecord['moderation']) => {
  const block = parseHeaderBlock(Buffer.from(mail));
  const effects = approvedAt.process({
    list: antList(),
    site: readSite(),
    record: record(moderation),
    mail: block,
    metadata: record().metadata,
    spared: new Set(),
    fasttrack: false,
  });
  const edits = effects.flatMap((effect) => (effect.kind === 'edit-header' ? effect.edits : []));
  const added = effects.flatMap((effect) => (effect.kind === 'add-metadata' ? [effect.metadata] : []));
  return { mail: joinMail(applyEdits(block, edits)).toString(), added };
};

const accepted = { deed: 'accept', by: 'bart@example.org', at: '2026-02-03T04:05:06.000Z' } as const;

describe('a post that a moderator accepted', () => {
  it('tells when, in the form of RFC 5322, and its metadata says so', () => {
    expect(made('Subject: x\r\n\r\nbody\r\n', accepted)).toEqual({
      mail: 'Subject: x\r\nX-Mailman-Approved-At: Tue, 03 Feb 2026 04:05:06 +0000\r\n\r\nbody\r\n',
      added: [{ approved: true, moderator_approved: true }],
    });
  });
});

describe('any other post', () => {
  it('is left as it is', () => {
    const mail = 'Subject: x\r\n\r\nbody\r\n';
    expect(made(mail)).toEqual({ mail, added: [] });
  });

  it('does not keep such a header that it came with', () => {
    const mail = 'x-mailman-approved-at: yesterday\r\nSubject: x\r\n\r\nbody\r\n';
    expect(made(mail)).toEqual({ mail: 'Subject: x\r\n\r\nbody\r\n', added: [] });
    expect(made(mail, accepted).mail).not.toContain('yesterday');
  });
});
