import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openWorld, type World } from '../runners/world.ts';

const directory = join(import.meta.dirname, 'golden');
const cases = readdirSync(directory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const caseSchema = z.object({
  settings: z.record(z.string(), z.unknown()),
  to: z.literal('owner').optional(),
  original_size: z.number().optional(),
});

describe('a mail and the post that is made of it, byte for byte', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it.each(cases)('%s', async (name) => {
    const file = (base: string) => join(directory, name, base);
    const given = caseSchema.parse(JSON.parse(readFileSync(file('list.json'), 'utf8')));
    // Every case is the list ant@example.com, so that its headers read as they do in the documentation.
    await world.store.lists.remove('ant.example.com');
    const list = await world.list(given.settings, 'ant');
    await world.member(list, 'bart@example.org', { role: given.to ?? 'member' });
    if (given.to !== 'owner') {
      // Their author is a member and a moderator who wants no copy, so that a list for announcements takes the post too.
      await world.member(list, 'anne@example.org', { delivery_status: 'by_user' });
      await world.member(list, 'anne@example.org', { role: 'moderator' });
    }
    const message = await world.arrive(list, readFileSync(file('in.eml')), {
      owner: given.to === 'owner',
      ...(given.original_size === undefined ? {} : { size: given.original_size }),
    });
    const fixed = { ...message, id: `golden-${name}` };
    await world.incoming(fixed);
    if ((await world.recordOf(fixed.id)).disposition === 'held') await world.accept(fixed.id);
    await world.pipeline(fixed);
    const post = await world.postOf(fixed.id);
    // BELFRY_WRITE_GOLDENS=1 writes what is now; the change is then read in the diff.
    if (process.env.BELFRY_WRITE_GOLDENS === '1') writeFileSync(file('out.eml'), post);
    expect(post.toString('latin1')).toBe(readFileSync(file('out.eml')).toString('latin1'));
  });
});
