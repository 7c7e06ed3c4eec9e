import { expect, it } from 'vitest';
import { listSettings } from '../../lib/lists/settings.ts';
import { pipelines } from '../../lib/pipelines/pipelines.ts';

it('every pipeline ends by sending the post out', () => {
  expect(pipelines.map(({ handlers }) => handlers.at(-1)?.name)).toEqual(pipelines.map(() => 'to-outgoing'));
});

it('the pipelines that a list has by default exist', () => {
  const names = pipelines.map(({ name }) => name);
  expect(names).toContain(listSettings.posting_pipeline.fallback);
  expect(names).toContain(listSettings.owner_pipeline.fallback);
  expect(new Set(names).size).toBe(names.length);
});

it('a post is made in the order of Mailman', () => {
  const posting = pipelines.find(({ name }) => name === 'default-posting-pipeline');
  expect(posting?.handlers.map(({ name }) => name)).toEqual([
    'approved-line',
    'rule-headers',
    'approved-at',
    'member-recipients',
    'avoid-duplicates',
    'cleanse',
    'cook-headers',
    'rfc-2369',
    'after-delivery',
    'to-outgoing',
  ]);
});
