import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { outputs } from '../../infra/aws/names.ts';
import { cdkContext, readSiteFiles } from '../../infra/aws/site-file.ts';
import { type QueueName, queueNames } from '../../lib/queue/names.ts';
import { CommandError } from '../cli/errors.ts';
import type { Place } from './connection.ts';

/** The outputs of a stack by name. Throws a sentence when there is no such stack. */
const readOutputs = async (client: CloudFormationClient, stack: string): Promise<Map<string, string>> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return new Map(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) {
      const region = await client.config.region();
      throw new CommandError(`There is no stack "${stack}" in ${region}; npx cdk deploy makes it`);
    }
    throw error;
  }
};

/** A Belfry on AWS, by the outputs of its CloudFormation stack. */
export const findAwsPlace = async (stack: string): Promise<Place> => {
  const client = new CloudFormationClient({});
  try {
    const found = await readOutputs(client, stack);
    const output = (name: string): string => {
      const value = found.get(name);
      if (value === undefined) {
        throw new CommandError(`The stack "${stack}" has no output ${name}; is it a Belfry of this version?`);
      }
      return value;
    };
    const queueUrls: Partial<Record<QueueName, string>> = {};
    for (const name of queueNames) queueUrls[name] = output(outputs.queueUrl(name));
    return {
      kind: 'aws',
      table: output(outputs.table),
      bucket: output(outputs.bucket),
      queueUrls,
      // What was deployed from this checkout; the stack itself tells its settings to the functions alone.
      site: readSiteFiles(cdkContext().belfry, process.env),
      region: await client.config.region(),
      endpoints: {},
    };
  } finally {
    client.destroy();
  }
};
