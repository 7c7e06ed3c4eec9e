import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { variables } from '../../lib/config/environment.ts';
import type { Site } from '../../lib/config/site.ts';
import { bundlingOf } from './bundling.ts';
import { except, exceptPrefixes } from './exceptions.ts';
import { grantsOf } from './grants.ts';
import { nameInTemplate } from './logical-id.ts';
import { logsOf } from './logs.ts';
import { type FunctionName, logicalIds } from './names.ts';
import type { FunctionPlace } from './network.ts';
import { type House, policyOf } from './policies.ts';
import { siteVariable } from './site-environment.ts';
import { checkout } from './site-file.ts';
import { fedBy, sendsTo, writesLinks } from './steps.ts';

/** What a function is made with. */
export interface MailFunctionProps {
  readonly name: FunctionName;
  /** How long it may run, in seconds. */
  readonly timeout: number;
  readonly site: Site;
  readonly house: House;
  /** The network that it runs in; most run in none. */
  readonly place?: FunctionPlace | undefined;
}

// A function in a VPC makes and removes its own network interfaces; that these calls name no resource is AWS's rule
// (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions).
const mayJoinNetworks = (role: Role): void => {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  except(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Lambda demands these rights on everything from a function in a VPC.',
  );
};

const feedsItself = (name: FunctionName): boolean =>
  sendsTo(name).some((queue) => fedBy(name).includes(queue));

/** Makes a function with its rights and its log, as parts of the construct that it belongs to. */
export const mailFunction = (
  scope: Construct,
  { name, timeout, site, house, place }: MailFunctionProps,
): { readonly function: LambdaFunction; readonly logs: LogGroup } => {
  const logs = logsOf(scope, name, site.retention.logs);
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { rights: policyOf(scope, name, house, logs) },
  });
  if (place !== undefined) mayJoinNetworks(role);
  nameInTemplate(role, logicalIds.role(name));
  exceptPrefixes(role);
  if (grantsOf(name).some(({ on }) => on.kind === 'ses-account') && house.ses !== undefined) {
    except(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'The sending quota belongs to the account and has no ARN; AWS grants ses:GetSendQuota on everything or not at all.',
    );
  }

  const made = new NodejsFunction(scope, 'Function', {
    entry: path.join(checkout, 'functions', name, 'handler.ts'),
    handler: 'handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: site.functions.memory,
    timeout: Duration.seconds(timeout),
    role,
    logGroup: logs,
    // The lines START, END and REPORT of each invocation would be most of the bill for logs; failures are still told (design, rule 16).
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    // Lambda ends a chain through SQS after about 16 rounds as a runaway loop unless it is told that the loop is meant; a deferred
    // recipient goes round for five days (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
    ...(feedsItself(name) ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    ...(site.functions.reserved_concurrency === null
      ? {}
      : { reservedConcurrentExecutions: site.functions.reserved_concurrency }),
    ...(place === undefined
      ? {}
      : {
          vpc: place.vpc,
          vpcSubnets: { subnets: place.subnets },
          securityGroups: [place.securityGroup],
        }),
    environment: {
      ...siteVariable(site),
      [variables.table]: house.table.tableName,
      [variables.bucket]: house.bucket.bucketName,
      ...Object.fromEntries(
        sendsTo(name).map((queue) => [variables.queue(queue), house.queues[queue].queueUrl]),
      ),
      ...(house.ses !== undefined && name === 'outgoing'
        ? { [variables.sesConfigurationSet]: house.ses.configurationSet }
        : {}),
      ...(house.webUrl !== undefined && writesLinks.has(name) ? { [variables.webUrl]: house.webUrl } : {}),
      // V8 keeps up to 48 MB for what was made a moment ago; a quarter of that is enough, and takes a fifth of all memory away (bench deliver).
      NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=4',
    },
    awsSdkConnectionReuse: false,
    projectRoot: checkout,
    depsLockFilePath: path.join(checkout, 'package-lock.json'),
    bundling: bundlingOf(name),
  });
  nameInTemplate(made, logicalIds.function(name));
  return { function: made, logs };
};
