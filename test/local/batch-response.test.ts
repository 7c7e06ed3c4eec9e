import { expect, test } from 'vitest';
import { failedMessages } from '../../infra/local/events/batch-response.ts';

const ids = ['a', 'b', 'c'];
const none: readonly string[] = [];

// The cases are those of "Implementing partial batch responses" in the AWS Lambda developer guide.
test.each([
  ['no answer at all', 'null', none],
  ['an empty answer', '{}', none],
  ['no list', '{"batchItemFailures":null}', none],
  ['an empty list', '{"batchItemFailures":[]}', none],
  ['one identifier', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
  ['two identifiers', '{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}', ['c', 'a']],
  ['what is not JSON', 'oops', ids],
  ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', ids],
  ['a null identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', ids],
  ['another key', '{"batchItemFailures":[{"messageId":"b"}]}', ids],
  ['an unknown identifier', '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"z"}]}', ids],
  ['a list that is none', '{"batchItemFailures":"b"}', ids],
])('after %s these messages come back', (_, response, failed) => {
  expect([...failedMessages(ids, response, true)]).toEqual(failed);
});

test('without ReportBatchItemFailures a return is success, whatever is returned', () => {
  expect(failedMessages(ids, '{"batchItemFailures":[{"itemIdentifier":"b"}]}', false).size).toBe(0);
});
