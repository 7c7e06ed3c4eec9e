import { describe, expect, it } from 'vitest';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { mayBeAnswered } from '../../lib/notices/may-answer.ts';

const anne = 'anne@example.org';
const ours = new Set(['ant@example.com', 'ant-bounces@example.com', 'noreply@example.com']);

const answer = (fields: string, sender = anne, to = anne) =>
  mayBeAnswered(parseHeaderBlock(Buffer.from(`From: ${to}\r\n${fields}\r\n\r\nbody\r\n`)), {
    sender,
    to,
    isOurs: (address) => ours.has(address),
  });

describe('a machine answers', () => {
  it.each([
    'Subject: hello',
    'Auto-Submitted: no',
    'Auto-Submitted: No (really; I wrote this)',
    'Precedence: first-class',
    'Precedence: special-delivery',
    'X-Ack: yes',
    'X-Auto-Response-Suppress: None',
    'Return-Path: <anne@example.org>',
    'Content-Type: multipart/mixed; boundary=report',
    'Listen: to this',
    'Subject: Precedence: bulk',
  ])('a mail with %s', (fields) => {
    expect(answer(fields)).toEqual({ ok: true });
  });
});

describe('no machine answers', () => {
  it.each([
    ['Auto-Submitted: auto-generated', 'Auto-Submitted'],
    ['AUTO-SUBMITTED: Auto-Replied; owner-email=x@example.org', 'Auto-Submitted'],
    ['Auto-Submitted:', 'Auto-Submitted'],
    ['Precedence: bulk', 'Precedence'],
    ['precedence: JUNK', 'Precedence'],
    ['PRECEDENCE:\r\n list', 'Precedence'],
    ['X-Ack: No', 'X-Ack'],
    ['X-No-Ack: yes', 'X-No-Ack'],
    ['x-no-ack:', 'X-No-Ack'],
    ['List-Id: <other.example.org>', 'mailing list'],
    ['list-unsubscribe: <https://example.org/x>', 'mailing list'],
    ['Return-Path: <>', 'Return-Path'],
    ['X-Auto-Response-Suppress: All', 'X-Auto-Response-Suppress'],
    ['X-Auto-Response-Suppress: OOF, AutoReply', 'X-Auto-Response-Suppress'],
    ['X-Autoreply: yes', 'X-Autoreply'],
    ['X-Autorespond: yes', 'X-Autoreply'],
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=x', 'report'],
    ['Content-Type: Multipart/Report;\r\n boundary=x', 'report'],
  ])('a mail with %s', (fields, why) => {
    expect(answer(fields)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  it.each([
    ['the null sender', '', anne, 'null sender'],
    ['nobody in its headers', anne, '', 'names no sender'],
    ['a list of ours', anne, 'ant@example.com', 'this site'],
    ['a -bounces address of ours on its envelope', 'ant-bounces@example.com', anne, 'this site'],
    ['the no-reply address of ours', 'noreply@example.com', 'noreply@example.com', 'this site'],
    ['a mail server', 'MAILER-DAEMON@example.org', anne, 'mail server'],
  ])('a mail from %s', (_, sender, to, why) => {
    expect(answer('Subject: x', sender, to)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });
});
