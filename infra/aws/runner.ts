import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  EventSourceMapping,
  type Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { variables } from '../../lib/config/environment.ts';
import type { Site } from '../../lib/config/site.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { except, exceptPrefixes } from './exceptions.ts';
import { nameInTemplate } from './logical-id.ts';
import { logsOf } from './logs.ts';
import { type FunctionName, logicalIds } from './names.ts';
import type { FunctionPlace } from './network.ts';
import { type House, policyOf } from './policies.ts';
import { siteVariable } from './site-environment.ts';
import { checkout } from './site-file.ts';
import type { Step } from './steps.ts';
import { timesOf } from './times.ts';

/** What a runner is made with. */
export interface RunnerProps {
  readonly step: Step;
  readonly site: Site;
  readonly house: House;
  readonly bell: Bell;
  /** The network that the function runs in; most run in none. */
  readonly place: FunctionPlace | undefined;
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

/** One step of the way of a mail: its function, what feeds it, its rights and its log. */
export class Runner extends Construct {
  readonly name: FunctionName;
  readonly function: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { step, site, house, bell, place }: RunnerProps) {
    super(scope, id);
    const [firstFeed] = step.feeds;
    if (firstFeed === undefined) throw new Error(`Nothing feeds the function ${step.name}`);

    this.name = step.name;
    this.logs = logsOf(this, step.name, site.retention.logs);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { rights: policyOf(this, step.name, house, this.logs) },
    });
    if (place !== undefined) mayJoinNetworks(role);
    nameInTemplate(role, logicalIds.role(step.name));
    exceptPrefixes(role);

    this.function = new NodejsFunction(this, 'Function', {
      entry: path.join(checkout, 'functions', step.name, 'handler.ts'),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: site.functions.memory,
      timeout: Duration.seconds(timesOf(site, firstFeed).timeout),
      role,
      logGroup: this.logs,
      // The lines START, END and REPORT of each invocation would be most of the bill for logs; failures are still told (design, rule 16).
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
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
          step.sendsTo.map((queue) => [variables.queue(queue), house.queues[queue].queueUrl]),
        ),
        NODE_OPTIONS: '--enable-source-maps',
      },
      awsSdkConnectionReuse: false,
      projectRoot: checkout,
      depsLockFilePath: path.join(checkout, 'package-lock.json'),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        logLevel: LogLevel.WARNING,
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        // The SDK in the bundle is the one that the tests ran; the one of the runtime is slower to load and changes under us.
        externalModules: [],
        // Some packages in the bundle are CommonJS and call require() for Node's own modules.
        banner:
          "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
      },
    });
    nameInTemplate(this.function, logicalIds.function(step.name));

    for (const queue of step.feeds) {
      const feed = new EventSourceMapping(this, `Feed-${queue}`, {
        target: this.function,
        eventSourceArn: house.queues[queue].queueArn,
        batchSize: step.batchSize,
        reportBatchItemFailures: true,
        maxConcurrency:
          step.name === 'outgoing' ? site.functions.outgoing_concurrency : site.functions.concurrency,
      });
      nameInTemplate(feed, logicalIds.feed(queue));
    }
    this.#alarms(step.name, bell);
  }
  #alarms(name: FunctionName, bell: Bell): void {
    bell.hang(this, {
      name: `${logicalIds.function(name)}Fails`,
      says: `The function ${name} fails. Its messages come again, and after some tries they become shunt items; nothing is lost.`,
      section: 'function-fails',
      metric: this.function.metricErrors({ period: alarmPeriod, statistic: Stats.SUM }),
      threshold: 0,
      periods: 2,
    });
  }
}
