import { expect, it } from 'vitest';
import { codeWords, replyWords } from '../../lib/posts/reply-words.ts';

it.each([
  ['rejected 550 5.1.1', 'refused for the recipient: there is no such address'],
  ['rejected 552 5.2.2', 'refused for the recipient: the mailbox is full'],
  ['rejected 550', 'refused for the recipient: the mailbox cannot be reached'],
  ['deferred data 451 4.3.0', 'put off: the mail server of the recipient has a problem or is overloaded'],
  ['deferred no reply', 'put off: the connection broke, or no reply came in time'],
  ['refused dot 554 5.6.0', 'the post itself was refused: the form of the mail is not accepted'],
  ['expired 451 4.4.1', 'given up after the last try: the mail server of the recipient cannot be reached'],
  ['rejected other', 'refused for the recipient'],
  ['left', 'had left the list'],
])('%s is: %s', (code, words) => {
  expect(codeWords(code)).toBe(words);
});

it('says the same of no code as of nothing', () => {
  expect(replyWords('')).toBeUndefined();
  expect(replyWords('MessageRejected')).toBeUndefined();
});
