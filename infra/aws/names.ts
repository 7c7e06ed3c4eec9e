import type { QueueName } from '../../lib/queue/names.ts';

/**
 * The names by which the parts of the stack are found from outside of it: by the command line, `npx belfry doctor`, the local
 * stack and the tests. This file imports no CDK, so that they can import it.
 */

/** The name of the CloudFormation stack, and of its template in `cdk.out`. */
export const stackName = 'Belfry';

/** The functions, each in `functions/NAME/handler.ts`. */
export const functionNames = [
  'incoming',
  'pipeline',
  'outgoing',
  'command',
  'bounce',
  'scheduled',
  'dead-letters',
  'web',
] as const;

/** The functions that there are only where mail leaves through Amazon SES. */
export const sesFunctionNames = ['quota'] as const;

/** The name of one function. */
export type FunctionName = (typeof functionNames)[number] | (typeof sesFunctionNames)[number];

/** What needs rights of its own: the functions, and the gateway. */
export type Actor = FunctionName | 'gateway';

const inTitleCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/**
 * The logical ids in the template. They are fixed by hand, since a resource whose logical id changes is replaced, and a queue or table
 * that is replaced is lost from sight with all that is in it.
 */
export const logicalIds = {
  table: 'Table',
  bucket: 'Bucket',
  queue: (name: QueueName): string => `${inTitleCase(name)}Queue`,
  function: (name: FunctionName): string => `${inTitleCase(name)}Function`,
  role: (actor: Actor): string => `${inTitleCase(actor)}Role`,
  logs: (actor: Actor): string => `${inTitleCase(actor)}Logs`,
  /** The event source mapping that feeds a function from a queue. */
  feed: (queue: QueueName): string => `${inTitleCase(queue)}Feed`,
  /** The rule that calls a function by the clock. */
  schedule: (name: FunctionName): string => `${inTitleCase(name)}Schedule`,
  /** The URL of the web pages. */
  webUrl: 'WebUrl',
  gatewayTask: 'GatewayTask',
  gatewayService: 'GatewayService',
  /** What is there only with `delivery.transport` ses. */
  configurationSet: 'SesConfigurationSet',
  sesTopic: 'SesEventTopic',
  /** The identity of a mail domain; `lists.example.com` is named `ListsExampleCom`. */
  identity: (domain: string): string => `SesIdentity${domain}`,
} as const;

/** The outputs of the stack, by which tools find what was made. */
export const outputs = {
  table: 'TableName',
  bucket: 'BucketName',
  queueUrl: (name: QueueName): string => `${inTitleCase(name)}QueueUrl`,
  /** The host name at which the gateway answers on port 24. */
  gatewayAddress: 'GatewayAddress',
  /** Where the web pages are that mails link to. */
  webUrl: 'WebPagesUrl',
  /** The address from which the relay is reached; only with `delivery.relay_network` fixed-address. */
  relaySource: 'RelaySourceAddress',
  /** The security group of the function outgoing, to be let in by the relay; only with `delivery.relay_network` vpc. */
  relayClients: 'RelayClientsSecurityGroup',
  /** A DNS record that is to be set for a mail domain; only with `delivery.transport` ses. */
  dnsRecord: (what: string, domain: string): string => `Dns${what}${domain}`,
} as const;
