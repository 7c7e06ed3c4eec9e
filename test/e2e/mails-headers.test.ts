import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { joinMail, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { append, applyEdits, remove } from '../../lib/mail/header-edits.ts';
import { withCrlf } from '../../lib/mail/line-ends.ts';
import { sendersOf } from '../../lib/mail/senders.ts';
import { rules } from '../../lib/rules/rules.ts';
import { contextOf } from '../rules/context.ts';

const mails = path.resolve(import.meta.dirname, '../../../shared/mails');
const manifest = z
  .object({
    samples: z.array(
      z.object({ file: z.string(), bodyOffset: z.number(), bodySha256: z.string(), hasFrom: z.boolean() }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(mails, 'manifest.json'), 'utf8')));

/** The bytes behind the first blank line, as a reader finds them who skips lines that are no fields. */
const behindBlankLine = (mail: Buffer): Buffer => {
  const at = mail.indexOf('\r\n\r\n');
  return at === -1 ? Buffer.alloc(0) : mail.subarray(at + 4);
};

describe('the body of a real mail is untouched by edits of its header', () => {
  it.each(manifest.samples)('$file', ({ file, bodyOffset, bodySha256 }) => {
    const sample = readFileSync(path.join(mails, file));
    expect(createHash('sha256').update(sample.subarray(bodyOffset)).digest('hex')).toBe(bodySha256);
    const mail = withCrlf(sample);
    const body = withCrlf(sample.subarray(bodyOffset));
    const block = parseHeaderBlock(mail);
    expect(mail.subarray(mail.length - block.rest.length).equals(block.rest)).toBe(true);
    const joined = joinMail(applyEdits(block, [remove('Received', 'Subject'), append('X-Belfry', 'ä')]));
    expect(joined.subarray(joined.length - body.length).equals(body)).toBe(true);
    // A mail whose header ends by a broken line has its body where it was for those who read on, too. Where there is no blank
    // line at all, or none but the first line's, nothing can be said of where such a reader begins.
    if (block.fields.length > 0 && mail.includes('\r\n\r\n')) {
      expect(behindBlankLine(joined).equals(body)).toBe(true);
    }
    expect(
      parseHeaderBlock(joined)
        .fields.map(({ name }) => name)
        .at(-1),
    ).toBe('X-Belfry');
  });
});

describe('rules and senders of a real mail', () => {
  it.each(manifest.samples)('$file', ({ file, hasFrom }) => {
    const context = contextOf(withCrlf(readFileSync(path.join(mails, file))), {
      sender: 'anne@example.org',
    });
    for (const rule of rules) expect(typeof rule.check(context).hit).toBe('boolean');
    expect(context.senders).toContain('anne@example.org');
    const senders = sendersOf(context.mail, '', ['from']);
    if (senders.length > 0) expect(hasFrom).toBe(true);
  });
});
