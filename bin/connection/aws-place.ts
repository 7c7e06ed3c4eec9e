import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { outputs } from '../../infra/aws/names.ts';
import { cdkContext, readSiteFiles } from '../../infra/aws/site-file.ts';
import { type QueueName, queueNames } from '../../lib/queue/names.ts';
import { CommandError } from '../cli/errors.ts';
import type { StackState } from '../doctor/deployment.ts';
import type { Place } from './connection.ts';

/** What CloudFormation knows of a stack; undefined when there is none of that name. */
export const findStack = async (stack: string): Promise<StackState | undefined> => {
  const client = new CloudFormationClient({});
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const [found] = Stacks;
    if (found === undefined) return undefined;
    return {
      status: found.StackStatus ?? 'unknown',
      outputs: new Map(
        (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
    };
  } catch (error) {
    // CloudFormation answers with a ValidationError, which has no name of its own for this.
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
};

/** The site as this checkout has it; the stack itself tells its settings to the functions alone. */
export const siteOfCheckout = () => readSiteFiles(cdkContext().belfry, process.env);

/** Where the parts of a stack are, by its outputs. */
export const placeOfStack = (stack: string, { outputs: found }: StackState): Place => {
  const output = (name: string): string => {
    const value = found.get(name);
    if (value === undefined) {
      throw new CommandError(`The stack "${stack}" has no output ${name}; is it a Belfry of this version?`);
    }
    return value;
  };
  const queueUrls: Partial<Record<QueueName, string>> = {};
  for (const name of queueNames) queueUrls[name] = output(outputs.queueUrl(name));
  const gateway = found.get(outputs.gatewayAddress);
  return {
    kind: 'aws',
    table: output(outputs.table),
    bucket: output(outputs.bucket),
    queueUrls,
    site: siteOfCheckout(),
    region: undefined,
    endpoints: {},
    gateway: gateway === undefined ? undefined : { host: gateway, port: 24 },
  };
};

/** A Belfry on AWS, by the outputs of its CloudFormation stack. */
export const findAwsPlace = async (stack: string): Promise<Place> => {
  const found = await findStack(stack);
  if (found === undefined) {
    throw new CommandError(`There is no stack "${stack}" in this region; npx cdk deploy makes it`);
  }
  return placeOfStack(stack, found);
};
