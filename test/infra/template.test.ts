import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionNames, logicalIds, outputs } from '../../infra/aws/names.ts';
import { chores, steps, writesLinks } from '../../infra/aws/steps.ts';
import { variables } from '../../lib/config/environment.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { synthesize } from './synthesized.ts';

const { template } = synthesize();
const resource = (id: string) => template.toJSON().Resources[id];

describe('the loop of retries', () => {
  it('is allowed for the functions that feed themselves, and for no other', () => {
    const loops = functionNames.map((name) => [
      name,
      resource(logicalIds.function(name)).Properties.RecursiveLoop,
    ]);
    expect(Object.fromEntries(loops.filter(([, loop]) => loop !== undefined))).toEqual({
      command: 'Allow',
      outgoing: 'Allow',
    });
  });
});

describe('what mail is kept in', () => {
  it('is one table with an index, dates of expiry, and a way back to any second', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(resource(logicalIds.table)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'gsi1',
            KeySchema: [
              { AttributeName: 'gsi1pk', KeyType: 'HASH' },
              { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      },
    });
  });

  it('is one bucket where only what is in transit expires, a day after the table forgets it', () => {
    template.resourceCountIs('AWS::S3::Bucket', 1);
    const weekly = synthesize({ retention: { posts: '7d' } }).template;
    const rules = (days: number) => [
      { ExpirationInDays: days, Id: 'posts-in-transit', Prefix: 'transit/', Status: 'Enabled' },
      {
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Id: 'unfinished-uploads',
        Status: 'Enabled',
      },
    ];
    expect(resource(logicalIds.bucket).DeletionPolicy).toBe('Retain');
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: rules(31) } });
    weekly.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: rules(8) } });
  });

  it('is encrypted and reached by TLS alone, bucket and queues', () => {
    const onlyTls = {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    };
    template.hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: onlyTls });
    template.allResourcesProperties('AWS::SQS::QueuePolicy', { PolicyDocument: onlyTls });
    template.resourceCountIs('AWS::SQS::QueuePolicy', queueNames.length);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('uses the key of the customer everywhere when there is one', () => {
    const customer_key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const own = synthesize({ security: { customer_key } }).template;
    own.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: customer_key });
    own.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: customer_key, SSEType: 'KMS' },
    });
    own.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { KMSMasterKeyID: customer_key, SSEAlgorithm: 'aws:kms' },
          },
        ],
      },
    });
  });
});

describe('the queues', () => {
  it.each(queueNames)('%s keeps messages for 14 days and outlives the stack', (name) => {
    expect(resource(logicalIds.queue(name))).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { MessageRetentionPeriod: 1_209_600 },
    });
  });

  it.each(queueNames.filter((name) => name !== 'dead'))(
    '%s gives up to the dead letters after 5 tries',
    (name) => {
      expect(resource(logicalIds.queue(name)).Properties.RedrivePolicy).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [logicalIds.queue('dead'), 'Arn'] },
        maxReceiveCount: 5,
      });
    },
  );

  it('dead has no dead letters of its own', () => {
    expect(resource(logicalIds.queue('dead')).Properties.RedrivePolicy).toBeUndefined();
  });
});

describe('the functions', () => {
  it('are those that have a name, on Node 24 and ARM', () => {
    template.resourceCountIs('AWS::Lambda::Function', functionNames.length);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  it.each(steps)(
    '$name is fed by its queues, reports what failed, and hides messages for longer than it runs',
    (step) => {
      const { Timeout } = resource(logicalIds.function(step.name)).Properties;
      for (const queue of step.feeds) {
        expect(resource(logicalIds.feed(queue)).Properties).toEqual({
          BatchSize: step.name === 'outgoing' ? 1 : 10,
          EventSourceArn: { 'Fn::GetAtt': [logicalIds.queue(queue), 'Arn'] },
          FunctionName: { Ref: logicalIds.function(step.name) },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 2 },
        });
        expect(resource(logicalIds.queue(queue)).Properties.VisibilityTimeout).toBeGreaterThan(Timeout);
      }
    },
  );

  it('are fed by every queue once', () => {
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', queueNames.length);
    expect(steps.flatMap(({ feeds }) => feeds).toSorted()).toEqual(queueNames.toSorted());
  });

  it.each([...steps, ...chores])(
    '$name knows table, bucket and the queues that it may send to, and no other',
    (step) => {
      const { Variables } = resource(logicalIds.function(step.name)).Properties.Environment;
      expect(Variables).toEqual({
        [variables.site]: '{}',
        [variables.table]: { Ref: logicalIds.table },
        [variables.bucket]: { Ref: logicalIds.bucket },
        NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=4',
        ...(writesLinks.has(step.name)
          ? { [variables.webUrl]: { 'Fn::GetAtt': [logicalIds.webUrl, 'FunctionUrl'] } }
          : {}),
        ...Object.fromEntries(
          step.sendsTo.map((queue) => [variables.queue(queue), { Ref: logicalIds.queue(queue) }]),
        ),
      });
    },
  );

  it('scheduled is called every hour, by a rule of its own', () => {
    template.resourceCountIs('AWS::Events::Rule', chores.length);
    expect(resource(logicalIds.schedule('scheduled')).Properties).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [logicalIds.function('scheduled'), 'Arn'] } }],
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::GetAtt': [logicalIds.function('scheduled'), 'Arn'] },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [logicalIds.schedule('scheduled'), 'Arn'] },
    });
  });

  it('outgoing has 180 s and hides for 210 s, and both follow a relay that is waited for longer', () => {
    const times = (of: ReturnType<typeof synthesize>) => [
      of.template.toJSON().Resources.OutgoingFunction.Properties.Timeout,
      of.template.toJSON().Resources.OutQueue.Properties.VisibilityTimeout,
      of.template.toJSON().Resources.RetryQueue.Properties.VisibilityTimeout,
    ];
    expect(times(synthesize())).toEqual([180, 210, 210]);
    expect(times(synthesize({ delivery: { dot_timeout: '600s' } }))).toEqual([660, 690, 690]);
    expect(
      times(
        synthesize({
          delivery: { dot_timeout: '2s', reply_timeout: '1s', lease_margin: '1s' },
          functions: { outgoing_timeout: '4s', outgoing_visibility: '5s' },
        }),
      ),
    ).toEqual([4, 5, 5]);
  });

  it('are told what the site has set otherwise than Belfry, and nothing that only synthesis needs', () => {
    const { template: own } = synthesize({
      mta: { smtp_host: 'relay.example.com', smtp_port: 587 },
      delivery: { retry_delay: '1s' },
      alarms: { oldest_message: '60s' },
    });
    const { Variables } = own.toJSON().Resources.OutgoingFunction.Properties.Environment;
    expect(JSON.parse(Variables[variables.site])).toEqual({
      mta: { smtp_host: 'relay.example.com' },
      delivery: { retry_delay: 1 },
    });
  });
});

describe('the gateway', () => {
  const door = (of: ReturnType<typeof synthesize>) =>
    Object.values(
      of.template.findResources('AWS::EC2::SecurityGroup', {
        Properties: { GroupDescription: Match.stringLikeRegexp('mail servers') },
      }),
    ).map(({ Properties }) =>
      Properties.SecurityGroupIngress.map(({ CidrIp, FromPort }: { CidrIp: string; FromPort: number }) => [
        CidrIp,
        FromPort,
      ]),
    );

  it('answers on port 24, to the VPC alone unless clients are listed', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internal',
      Type: 'network',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 24, Protocol: 'TCP' });
    expect(door(synthesize())).toEqual([[['10.86.0.0/16', 24]]]);
    expect(door(synthesize({ gateway: { clients: ['192.0.2.0/28', '198.51.100.7/32'] } }))).toEqual([
      [
        ['192.0.2.0/28', 24],
        ['198.51.100.7/32', 24],
      ],
    ]);
  });

  it('lets nobody in but the load balancer', () => {
    const { Properties } = resource(logicalIds.gatewayService);
    const [inside] = Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups;
    const group = resource(inside['Fn::GetAtt'][0]);
    expect(group.Properties.SecurityGroupIngress).toBeUndefined();
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties: rule }) => rule.FromPort)).toEqual([8024, 8025]);
    for (const { Properties: rule } of rules) expect(rule.SourceSecurityGroupId).toBeDefined();
  });

  it('stops with grace, is asked for its health by HTTP, and is rolled back when a new version does not come up', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
      ContainerDefinitions: [Match.objectLike({ Name: 'gateway', StopTimeout: 120 })],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPort: '8025',
      HealthCheckProtocol: 'HTTP',
      Port: 8024,
      Protocol: 'TCP',
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: 2,
      DeploymentConfiguration: Match.objectLike({
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      }),
    });
  });

  it('faces the internet only with a certificate, which ECS hands to it', () => {
    const { template: own } = synthesize({
      gateway: { exposure: 'internet', tls_secret: 'belfry/tls', clients: ['192.0.2.0/28'] },
    });
    own.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
    own.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Secrets: [
            Match.objectLike({ Name: 'GATEWAY_TLS_CERT' }),
            Match.objectLike({ Name: 'GATEWAY_TLS_KEY' }),
          ],
        }),
      ],
    });
  });

  it('costs no NAT and no interface endpoint, and reaches S3 and DynamoDB without the internet', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoints.map(({ Properties }) => Properties.VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
  });
});

describe('where outgoing runs', () => {
  it('is no network by default', () => {
    for (const name of functionNames) {
      expect(resource(logicalIds.function(name)).Properties.VpcConfig).toBeUndefined();
    }
  });

  it('is behind one NAT with an address of its own, which an output tells, when the relay wants a fixed address', () => {
    const { template: own } = synthesize({ delivery: { relay_network: 'fixed-address' } });
    own.resourceCountIs('AWS::EC2::NatGateway', 1);
    own.resourceCountIs('AWS::EC2::EIP', 1);
    own.hasOutput(outputs.relaySource, {});
    const inVpc = own.findResources('AWS::Lambda::Function', { Properties: { VpcConfig: Match.anyValue() } });
    expect(Object.keys(inVpc)).toEqual([logicalIds.function('outgoing')]);
  });
});

describe('the web pages', () => {
  it('have a URL that asks nobody to log in, and call the function by no other way', () => {
    expect(resource(logicalIds.webUrl).Properties).toEqual({
      AuthType: 'NONE',
      TargetFunctionArn: { 'Fn::GetAtt': [logicalIds.function('web'), 'Arn'] },
    });
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'))
      .map(({ Properties }) => Properties)
      .filter(({ FunctionName }) => JSON.stringify(FunctionName).includes(logicalIds.function('web')));
    expect(permissions.map(({ Action }) => Action).toSorted()).toEqual([
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
    ]);
    // Each admits everybody, and by the URL alone.
    for (const { Action, Principal, FunctionUrlAuthType, InvokedViaFunctionUrl } of permissions) {
      expect(Principal).toBe('*');
      if (Action === 'lambda:InvokeFunction') expect(InvokedViaFunctionUrl).toBe(true);
      else expect(FunctionUrlAuthType).toBe('NONE');
    }
  });

  it('are told of by an output: the URL of AWS, or the domain in front of it', () => {
    template.hasOutput(outputs.webUrl, { Value: { 'Fn::GetAtt': [logicalIds.webUrl, 'FunctionUrl'] } });
    const own = synthesize({ web: { url: 'https://lists.example.com' } }).template;
    own.hasOutput(outputs.webUrl, { Value: 'https://lists.example.com' });
  });

  it('are nowhere on a site that has none, also when it says where they would be', () => {
    const without = synthesize({ web: { enabled: false, url: 'https://lists.example.com' } }).template;
    without.resourceCountIs('AWS::Lambda::Url', 0);
    without.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: '*' }, 0);
    expect(without.findOutputs(outputs.webUrl)).toEqual({});
    const functions = without.findResources('AWS::Lambda::Function');
    expect(Object.keys(functions)).not.toContain(logicalIds.function('web'));
    expect(Object.keys(functions)).toContain(logicalIds.function('command'));
    expect(JSON.stringify(functions)).not.toContain(variables.webUrl);
  });

  it.each(['http://lists.example.com', 'lists.example.com', 'https://lists.example.com/', 'https://x/?y'])(
    'are not at %s',
    (url) => {
      expect(() => synthesize({ web: { url } })).toThrow('is not an https:// URL without a slash');
    },
  );
});

describe('the outputs', () => {
  it.each([outputs.table, outputs.bucket, outputs.gatewayAddress, ...queueNames.map(outputs.queueUrl)])(
    '%s is there for the tools',
    (name) => {
      template.hasOutput(name, {});
    },
  );
});
