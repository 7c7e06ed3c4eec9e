import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { joinMail, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { mendAnswerFrom } from '../../lib/ses/mend-answer.ts';
import { rememberIds } from '../../lib/ses/remember-ids.ts';
import { sentMessageId, sesIdOf } from '../../lib/ses/sent-id.ts';
import { sesCopy } from '../../lib/ses/ses-copy.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { linesOf, mailOf, planOf } from './fixtures.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

const now = new Date('2026-11-21T12:00:00.000Z');
const clock = { now: () => now };
const site = readSite({});

// As SES gave them to two copies of the post of anne, and to one of bart's answer.
const toBart = '<0100019a-b0b-000000@email.amazonses.com>';
const toCris = '<0100019a-c15-000000@email.amazonses.com>';
const ofAnswer = '<0102019b-d1e-000000@eu-west-1.amazonses.com>';
const post = mailOf([
  'From: anne@example.org',
  'Message-ID: <post@example.org>',
  'References: <older@example.org>',
]);
const answer = mailOf([
  'From: bart@example.org',
  'Message-ID: <answer@example.net>',
  'In-Reply-To: <post@example.org>',
  'References: <older@example.org> <post@example.org>',
]);

const mend = async (lines: readonly string[]) => {
  const mail = parseHeaderBlock(mailOf(['From: bart@example.org', ...lines]));
  const { store } = emulators;
  return linesOf(joinMail(await mendAnswerFrom(mail, { store, clock })), 'in-reply-to', 'references');
};

describe('an answer to a copy that SES sent', () => {
  beforeAll(async () => {
    const ports = { store: emulators.store, clock, site };
    await rememberIds(post, [toBart, toCris], ports);
    await rememberIds(answer, [ofAnswer], ports);
  });

  // Gmail writes both, and References over several lines.
  it('names the post, as Gmail writes it', async () => {
    expect(
      await mend([
        'In-Reply-To: <0100019a-b0b-000000@email.amazonses.com>',
        'References: <older@example.org> <post@example.org>\r\n <0100019a-b0b-000000@email.amazonses.com>',
      ]),
    ).toEqual(['In-Reply-To: <post@example.org>', 'References: <older@example.org> <post@example.org>']);
  });

  // Outlook puts References first and adds headers of its own.
  it('names the post, as Outlook writes it', async () => {
    expect(
      await mend([
        'Thread-Topic: hello',
        'Thread-Index: AdXQ==',
        `References: <older@example.org>\r\n <post@example.org>\r\n ${toCris}`,
        `In-Reply-To: ${toCris}`,
      ]),
    ).toEqual(['In-Reply-To: <post@example.org>', 'References: <older@example.org> <post@example.org>']);
  });

  // Apple Mail on the iPhone leaves References out, so that only the map can tell.
  it('names the post, as Apple Mail on iOS writes it', async () => {
    expect(await mend([`In-Reply-To: ${toBart}`])).toEqual(['In-Reply-To: <post@example.org>']);
  });

  it('names each post of a thread once', async () => {
    expect(
      await mend([
        `In-Reply-To: ${ofAnswer}`,
        `References: <older@example.org> ${toBart} <answer@example.net> ${ofAnswer}`,
      ]),
    ).toEqual([
      'In-Reply-To: <answer@example.net>',
      'References: <older@example.org> <post@example.org> <answer@example.net>',
    ]);
  });

  it('keeps the ids of members who use SES themselves', async () => {
    const theirs = '<0102-theirs@eu-west-1.amazonses.com>';
    expect(await mend([`In-Reply-To: ${toBart}`, `References: ${theirs} ${toBart}`])).toEqual([
      'In-Reply-To: <post@example.org>',
      `References: ${theirs} <post@example.org>`,
    ]);
  });

  it('keeps the order of what it does not know, byte for byte', async () => {
    const lines = ['In-Reply-To: <x@example.org>', 'References:  <a@b>\t<x@example.org>'];
    const mail = mailOf(lines);
    const { store } = emulators;
    const mended = joinMail(await mendAnswerFrom(parseHeaderBlock(mail), { store, clock }));
    expect(mended.equals(mail)).toBe(true);
  });
});

describe('an answer to a copy that nobody remembers', () => {
  const forgotten = '<0100019a-f0f-000000@email.amazonses.com>';

  it('names what stands before the id in References', async () => {
    expect(
      await mend([
        `In-Reply-To: ${forgotten}`,
        `References: <older@example.org> <lost@example.org> ${forgotten}`,
      ]),
    ).toEqual(['In-Reply-To: <lost@example.org>', 'References: <older@example.org> <lost@example.org>']);
  });

  it('stays as it is without References', async () => {
    expect(await mend([`In-Reply-To: ${forgotten}`])).toEqual([`In-Reply-To: ${forgotten}`]);
  });

  it('is mended after the copy itself was made: the way there and back', async () => {
    const copy = sesCopy(post, { plan: planOf() });
    const [references = ''] = linesOf(copy, 'references');
    expect(await mend([`In-Reply-To: ${forgotten}`, `${references} ${forgotten}`])).toEqual([
      'In-Reply-To: <post@example.org>',
      'References: <older@example.org> <post@example.org>',
    ]);
  });
});

describe('remembering', () => {
  it('lasts as long as the site says', async () => {
    const short = { ...site, retention: { ...site.retention, message_ids: 60 } };
    await rememberIds(post, [sentMessageId('short', 'eu-west-1')], {
      store: emulators.store,
      clock,
      site: short,
    });
    const at = (seconds: number) =>
      emulators.store.sentIds.find('short', new Date(now.getTime() + seconds * 1000));
    expect(await at(59)).toBe('<post@example.org>');
    expect(await at(60)).toBeUndefined();
  });

  it('does without a Message-ID, and without mails', async () => {
    const ports = { store: emulators.store, clock, site };
    await rememberIds(mailOf(['From: anne@example.org']), [sentMessageId('none', 'eu-west-1')], ports);
    await rememberIds(post, [], ports);
    expect(await emulators.store.sentIds.find('none', now)).toBeUndefined();
  });
});

describe('the ids of SES', () => {
  it('are made and read for every region', () => {
    expect(sentMessageId('0100-x', 'us-east-1')).toBe('<0100-x@email.amazonses.com>');
    expect(sentMessageId('0102-x', 'eu-west-1')).toBe('<0102-x@eu-west-1.amazonses.com>');
    expect(sesIdOf('<0102-x@eu-west-1.amazonses.com>')).toBe('0102-x');
    expect(sesIdOf('<0102-x@amazonses.com.example.org>')).toBeUndefined();
  });
});
