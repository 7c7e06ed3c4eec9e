import { functionNames, logicalIds, sesFunctionNames } from '../../aws/names.ts';
import { account, region } from '../names.ts';
import type { Names, ResourceNames } from '../resolve.ts';
import { type Template, TemplateError } from '../template.ts';

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const functionsById = new Map<string, string>(
  [...functionNames, ...sesFunctionNames].map((name) => [logicalIds.function(name), name]),
);

/** The name of the function with a logical id. */
export const functionName = (logicalId: string): string => {
  const name = functionsById.get(logicalId);
  if (name === undefined) {
    throw new TemplateError(
      `The local stack does not know the function ${logicalId}: infra/aws/names.ts does not name it`,
    );
  }
  return name;
};

// What is made here, and how it is called: as the template says, or by its logical id.
const makers: Readonly<Record<string, (id: string, endpoint: string, webUrl: string) => ResourceNames>> = {
  'AWS::SQS::Queue': (id, endpoint) => ({
    ref: `${endpoint}/${account}/${id}`,
    attributes: { Arn: arn('sqs', id), QueueName: id, QueueUrl: `${endpoint}/${account}/${id}` },
  }),
  'AWS::DynamoDB::Table': (id) => ({ ref: id, attributes: { Arn: arn('dynamodb', `table/${id}`) } }),
  // The name of a bucket has no capital letters.
  'AWS::S3::Bucket': (id) => ({
    ref: id.toLowerCase(),
    attributes: { Arn: `arn:aws:s3:::${id.toLowerCase()}` },
  }),
  'AWS::SNS::Topic': (id) => ({
    ref: arn('sns', id),
    attributes: { TopicArn: arn('sns', id), TopicName: id },
  }),
  // On AWS it ends with a slash as well.
  'AWS::Lambda::Url': (id, _, webUrl) => ({ ref: id, attributes: { FunctionUrl: `${webUrl}/` } }),
  'AWS::SES::ConfigurationSet': (id) => ({ ref: id, attributes: {} }),
  'AWS::Lambda::Function': (id) => {
    const name = functionName(id);
    return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
  },
};

// What exists on AWS to grant, to watch, to log and to connect, and has no part in what a mail goes through.
const ignored: readonly RegExp[] = [
  /^AWS::(ApplicationAutoScaling|CDK|CloudWatch|EC2|ECS|ElasticLoadBalancingV2|IAM|KMS|Logs)::/,
  // Subscriptions, identities and the destination of events have no name that anything refers to; resources/topics.ts and resources/ses.ts
  // read them.
  /^AWS::SNS::(Subscription|TopicPolicy)$/,
  /^AWS::SES::(EmailIdentity|ConfigurationSetEventDestination)$/,
  // Rules that call by the clock have no name that anything refers to; resources/schedules.ts reads them.
  /^AWS::Events::Rule$/,
  /^AWS::S3::BucketPolicy$/,
  /^AWS::SQS::QueuePolicy$/,
  /^AWS::Lambda::(EventSourceMapping|Permission)$/,
];

/** Where the web pages are when nobody serves them. */
const nowhere = 'https://web.invalid';

/**
 * Gives every resource that the local stack makes the name it has here.
 * @param webUrl where the web pages are, without a slash at the end.
 * @throws TemplateError for a type of resource that is neither made here nor knowingly left out.
 */
export const nameResources = (template: Template, sqsEndpoint: string, webUrl = nowhere): Names => {
  const names = new Map<string, ResourceNames>();
  for (const [id, { Type }] of Object.entries(template.resources)) {
    const maker = makers[Type];
    if (maker !== undefined) names.set(id, maker(id, sqsEndpoint, webUrl));
    else if (!ignored.some((pattern) => pattern.test(Type))) {
      throw new TemplateError(`The local stack does not know what to do with ${id}, of type ${Type}`);
    }
  }
  return names;
};
