import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { openWorld, type World } from '../runners/world.ts';
import { linesOf, mailOf } from './fixtures.ts';

const answer = [
  'From: anne@example.org',
  'Subject: Re: hello',
  'In-Reply-To: <0100-copy@email.amazonses.com>',
  'References: <post@example.org> <0100-copy@email.amazonses.com>',
];

describe('a post on a site that delivers through SES', () => {
  let world: World;
  const ses = readSite({ delivery: { transport: 'ses' } });
  beforeAll(async () => {
    world = await openWorld();
    const nextYear = new Date(Date.now() + 86_400_000);
    await world.store.sentIds.remember([{ id: '0100-copy', messageId: '<post@example.org>' }], nextYear);
  });
  afterAll(() => world.close());

  /** Sends a mail of anne, who is a member, through both functions. */
  const made = async (lines: readonly string[], members: number, site = ses) => {
    const list = await world.listOf('anne@example.org', { require_explicit_destination: false });
    for (let n = 0; n < members; n += 1) await world.member(list, `m${n}@example.net`);
    const message = await world.arrive(list, mailOf(lines));
    await runIncoming(message, { ...world.ports, site });
    await runPipeline(world.asPost(message), { ...world.ports, site });
    return message.id;
  };

  it('answers the post that the members know', async () => {
    const id = await made(answer, 0);
    expect(linesOf(await world.postOf(id), 'in-reply-to', 'references')).toEqual([
      'In-Reply-To: <post@example.org>',
      'References: <post@example.org>',
    ]);
  });

  it('stays as it came where a relay delivers', async () => {
    const id = await made(answer, 0, readSite({}));
    expect(linesOf(await world.postOf(id), 'in-reply-to', 'references')).toEqual(answer.slice(2));
  });

  it('has chunks of 10 s of work at the rate of the account', async () => {
    await world.store.pace.note({ max_per_second: 2, max_24h: -1, sent_24h: 0 }, new Date());
    const id = await made(['From: anne@example.org', 'Subject: hello'], 19);
    const { roster } = await world.recordOf(id);
    // 18 at a rate of 2 and a share of 0.9.
    expect(roster).toMatchObject({ recipients: 20, chunks: 2 });
  });

  it('goes back to its author when it is too large, whatever the list takes', async () => {
    const list = await world.listOf('anne@example.org', { max_message_size: 0 });
    const message = await world.arrive(list, mailOf(['From: anne@example.org', 'Subject: large']), {
      size: 11_000_000,
    });
    await runIncoming(message, { ...world.ports, site: ses });
    expect(await world.recordOf(message.id)).toMatchObject({
      disposition: 'rejected',
      reason: 'The message has 10.5 MB; more than 9.75 MB cannot be delivered.',
    });
  });
});
