import { describe, expect, it } from 'vitest';
import { deliveryRows } from '../../bin/post/delivery-rows.ts';
import type { DeliveryReport } from '../../lib/posts/delivery-report.ts';

const report: DeliveryReport = {
  recipients: 2,
  chunks: 1,
  plan: {
    personalize: 'none',
    verp: false,
    decorate: true,
    voice: 'post',
    list: { address: 'ant@example.com', name: 'Ant' },
  },
  transport: 'relay',
  sender: 'ant-bounces@example.com',
  delivered: 1,
  waits: 1,
  not_tried: 0,
  refused: 0,
  given_up: 0,
  left: 0,
  possibly_doubled: 0,
  replies: { 'deferred 451 4.7.1': 1 },
  forgotten_chunks: 0,
  began_at: '2026-11-21T05:00:00.000Z',
  waiting: undefined,
};

const row = (told: DeliveryReport, name: string): string | undefined =>
  deliveryRows(told).find(([first]) => first === name)?.[1];

describe('how a post is delivered', () => {
  const { plan } = report;
  const verp = { ...report, plan: { ...plan, verp: true } };
  const own = { ...report, plan: { ...plan, personalize: 'full' as const } };
  const bySes = 'each in a call of its own to Amazon SES, from a sender of its making';

  it.each([
    ['one copy for many recipients, from ant-bounces@example.com', report],
    ['a copy for each recipient, each with a sender of its own (VERP)', verp],
    ['a copy for each recipient (personalize: full), from ant-bounces@example.com', own],
    [`a copy for each recipient, ${bySes}`, { ...report, transport: 'ses' as const }],
    [`a copy for each recipient, ${bySes}`, { ...verp, transport: 'ses' as const }],
    [`a copy for each recipient (personalize: full), ${bySes}`, { ...own, transport: 'ses' as const }],
  ])('is told: %s', (text, told) => {
    expect(row(told, 'delivery')).toBe(text);
  });
});

describe('when the next attempt is', () => {
  const waiting = {
    chunks_under_way: 0,
    attempts: 1,
    next_attempt_at: '2026-11-21T05:15:00.000Z',
    next_attempt_by: '2026-11-21T05:30:00.000Z',
    give_up_at: undefined,
    parked: undefined,
  };

  it.each([
    ['at 2026-11-21T05:15:00.000Z', waiting],
    ['by 2026-11-21T05:30:00.000Z', { ...waiting, next_attempt_at: undefined }],
    ['now', { ...waiting, chunks_under_way: 1 }],
  ])('is told: %s', (text, told) => {
    expect(row({ ...report, waiting: told }, 'next attempt')).toBe(text);
  });
});
