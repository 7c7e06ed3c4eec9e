import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTag, encodeTag, labelsOf, tagsOf } from '../../lib/ses/tags.ts';

describe('a tag', () => {
  it('has only characters that SES takes, and gives back the label', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), (label) => {
        const tag = encodeTag(label);
        expect(tag).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
        expect(decodeTag(tag ?? '')).toBe(label.toWellFormed());
      }),
    );
  });

  it('is legible for the ids that there are', () => {
    expect(encodeTag('my-list_2.example.com')).toBe('my-list_5F2__example__com');
    expect(encodeTag('0b1c-4d')).toBe('0b1c-4d');
  });

  it('is absent when it would be empty or too long', () => {
    expect(encodeTag('')).toBeUndefined();
    expect(encodeTag('x'.repeat(257))).toBeUndefined();
    expect(encodeTag('.'.repeat(128))).toHaveLength(256);
  });

  it('of somebody else is not read', () => {
    for (const value of ['', '_', '_2', 'a_zz', 'a b', 'a.b']) expect(decodeTag(value)).toBeUndefined();
  });
});

describe('the tags of a mail', () => {
  const labels = { list: 'ant.example.com', post: 'post-1', member: 'm_1' };

  it('come back as its labels with an event', () => {
    const event = Object.fromEntries(tagsOf(labels).map(({ Name, Value }) => [Name, [Value]]));
    expect(labelsOf({ ...event, 'ses:source-ip': ['192.0.2.1'] })).toEqual(labels);
  });

  it('lack what the mail lacks', () => {
    expect(tagsOf({ list: 'ant.example.com', post: 'post-1' }).map(({ Name }) => Name)).toEqual([
      'list',
      'post',
    ]);
    expect(labelsOf({ list: ['not ours'], post: ['post-1'] })).toEqual({ post: 'post-1' });
  });
});
