// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders in a plain text are the syntax of Fn::Sub.
import { expect, test } from 'vitest';
import { type Names, resolved } from '../../infra/local/resolve.ts';
import { nameResources } from '../../infra/local/resources/names.ts';
import { queuesOf } from '../../infra/local/resources/queues.ts';
import { type Template, TemplateError } from '../../infra/local/template.ts';

const names: Names = new Map([
  [
    'InQueue',
    { ref: 'http://127.0.0.1:1/000000000000/InQueue', attributes: { Arn: 'arn:in', QueueName: 'InQueue' } },
  ],
]);

test.each([
  [{ Ref: 'InQueue' }, 'http://127.0.0.1:1/000000000000/InQueue'],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ 'Fn::GetAtt': ['InQueue', 'Arn'] }, 'arn:in'],
  [{ 'Fn::GetAtt': 'InQueue.QueueName' }, 'InQueue'],
  [{ 'Fn::Join': [':', ['a', { Ref: 'AWS::AccountId' }, 3]] }, 'a:000000000000:3'],
  [{ 'Fn::Sub': 'x-${InQueue.Arn}-${AWS::Partition}-${!kept}' }, 'x-arn:in-aws-${kept}'],
  [{ 'Fn::Sub': ['${own}/${InQueue.QueueName}', { own: { Ref: 'AWS::Region' } }] }, 'us-east-1/InQueue'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [[{ Ref: 'AWS::NoValue' }, 'kept'], ['kept']],
  [{ there: 1, gone: { Ref: 'AWS::NoValue' } }, { there: 1 }],
])('%j becomes %j', (value, expected) => {
  expect(resolved(value, names)).toEqual(expected);
});

test.each([
  [{ Ref: 'OutQueue' }, /does not make OutQueue/],
  [{ 'Fn::GetAtt': ['InQueue', 'Color'] }, /does not know Color of InQueue/],
  [{ 'Fn::ImportValue': 'other' }, /does not know Fn::ImportValue/],
  [{ 'Fn::Sub': '${Nobody}' }, /does not make Nobody/],
])('%j is refused', (value, message) => {
  expect(() => resolved(value, names)).toThrow(TemplateError);
  expect(() => resolved(value, names)).toThrow(message);
});

const templateOf = (resources: Template['resources']): Template => ({
  resources,
  outputs: {},
  assetDir: () => '',
});

test('a type of resource that the local stack does not know is refused', () => {
  const template = templateOf({ Mystery: { Type: 'AWS::Kinesis::Stream', Properties: {} } });
  expect(() => nameResources(template, 'http://127.0.0.1:1')).toThrow(
    /Mystery, of type AWS::Kinesis::Stream/,
  );
});

test('a property of a queue that the local stack does not know is refused', () => {
  const template = templateOf({ InQueue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } });
  expect(() => queuesOf(template, names)).toThrow(/InQueue.*FifoQueue/s);
});
