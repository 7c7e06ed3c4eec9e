import { describe, expect, it } from 'vitest';
import { chainTable } from '../../lib/chains/chains.ts';
import { runChain } from '../../lib/chains/run-chain.ts';
import { listSettings } from '../../lib/lists/settings.ts';
import { contextOf } from '../rules/context.ts';

const post = (mail: string, more: Parameters<typeof contextOf>[1] = {}) =>
  runChain(chainTable, listSettings.posting_chain.fallback, contextOf(mail, more));
const ownerMail = (mail: string) => runChain(chainTable, listSettings.owner_chain.fallback, contextOf(mail));

describe('the posting chain', () => {
  it('accepts an ordinary post and tells which rules missed, in the order of Mailman', () => {
    expect(post('From: a@example.org\r\nSubject: hello\r\n\r\nbody\r\n')).toMatchObject({
      disposition: 'accepted',
      hits: [],
      misses: ['no-senders', 'loop', 'max-size', 'no-subject'],
    });
  });

  it('discards a post without sender, and looks no further', () => {
    expect(post('Subject: hello\r\n\r\n')).toMatchObject({
      disposition: 'discarded',
      hits: ['no-senders'],
      misses: [],
    });
  });

  it('discards a post that has been here', () => {
    expect(post('From: a@example.org\r\nList-Post: <mailto:ant@example.com>\r\n\r\n')).toMatchObject({
      disposition: 'discarded',
      hits: ['loop'],
      misses: ['no-senders'],
    });
  });

  it('accepts a large post without subject, and notes both', () => {
    expect(post('From: a@example.org\r\n\r\n', { size: 50_000 })).toMatchObject({
      disposition: 'accepted',
      hits: ['max-size', 'no-subject'],
      misses: ['no-senders', 'loop'],
    });
  });
});

describe('the owner chain', () => {
  it('accepts what a post would be discarded for', () => {
    expect(ownerMail('List-Post: <mailto:ant@example.com>\r\n\r\n').disposition).toBe('accepted');
  });

  it('discards owner mail that comes back', () => {
    expect(ownerMail('From: a@example.org\r\nX-BeenThere: ant-owner@example.com\r\n\r\n')).toMatchObject({
      disposition: 'discarded',
      hits: ['owner-loop'],
    });
  });
});
