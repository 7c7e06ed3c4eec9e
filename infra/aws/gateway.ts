import { Duration, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
  Secret,
} from 'aws-cdk-lib/aws-ecs';
import {
  NetworkLoadBalancer,
  type NetworkTargetGroup,
  Protocol,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { variables } from '../../lib/config/environment.ts';
import type { Site } from '../../lib/config/site.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { asCluster } from './cdk-interfaces.ts';
import { except, exceptPrefixes } from './exceptions.ts';
import { nameInTemplate } from './logical-id.ts';
import { logsOf } from './logs.ts';
import { logicalIds } from './names.ts';
import type { Network } from './network.ts';
import { type House, policyOf } from './policies.ts';
import { siteVariable } from './site-environment.ts';
import { sendsTo } from './steps.ts';

/** The port that mail servers connect to: the one of LMTP by custom (RFC 2033, section 5, asks for another than 25). */
export const lmtpPort = 24;

/** The port inside of the container, where an ordinary user may listen. */
const containerPort = 8024;

/** What the gateway is made with. */
export interface GatewayProps {
  readonly site: Site;
  readonly house: House;
  readonly network: Network;
  readonly bell: Bell;
  /** The folder with the Dockerfile and the bundle that it copies. */
  readonly imageFolder: string;
}

const certificateOf = (scope: Construct, nameOrArn: string): Record<string, Secret> => {
  if (nameOrArn === '') return {};
  const secret = nameOrArn.startsWith('arn:')
    ? StoredSecret.fromSecretCompleteArn(scope, 'Certificate', nameOrArn)
    : StoredSecret.fromSecretNameV2(scope, 'Certificate', nameOrArn);
  return {
    GATEWAY_TLS_CERT: Secret.fromSecretsManager(secret, 'cert'),
    GATEWAY_TLS_KEY: Secret.fromSecretsManager(secret, 'key'),
  };
};

/** The gateway: the only thing that always runs. Two small containers behind a load balancer, which nothing else may reach. */
export class Gateway extends Construct {
  readonly loadBalancer: NetworkLoadBalancer;
  readonly targets: NetworkTargetGroup;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { site, network, bell } = props;
    const healthPort = site.gateway.health_port === 0 ? containerPort : site.gateway.health_port;

    const door = new SecurityGroup(this, 'Door', {
      vpc: network.vpc,
      description: 'Belfry: the mail servers that may connect to the gateway.',
      allowAllOutbound: false,
    });
    const inside = new SecurityGroup(this, 'Inside', {
      vpc: network.vpc,
      description: 'Belfry: the gateway, which only the load balancer may reach.',
      allowAllOutbound: false,
    });
    const clients = site.gateway.clients.length === 0 ? [site.network.vpc_cidr] : site.gateway.clients;
    for (const client of clients) {
      door.addIngressRule(Peer.ipv4(client), Port.tcp(lmtpPort), `Mail servers in ${client}`);
    }
    for (const port of new Set([containerPort, healthPort])) {
      door.addEgressRule(inside, Port.tcp(port), 'To the gateway');
      inside.addIngressRule(door, Port.tcp(port), 'From the load balancer');
    }
    inside.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'To S3, SQS, DynamoDB and the registry of images');

    this.service = this.#service(props, inside, healthPort);
    this.loadBalancer = new NetworkLoadBalancer(this, 'LoadBalancer', {
      vpc: network.vpc,
      vpcSubnets: { subnets: network.publicSubnets },
      internetFacing: site.gateway.exposure === 'internet',
      crossZoneEnabled: true,
      securityGroups: [door],
    });
    nameInTemplate(this.loadBalancer, 'GatewayLoadBalancer');
    except(
      this.loadBalancer,
      'AwsSolutions-ELB2',
      'A network load balancer writes access logs for TLS listeners only; this one passes TCP through, and the gateway logs each mail.',
    );
    this.targets = this.loadBalancer
      .addListener('Lmtp', { port: lmtpPort, protocol: Protocol.TCP })
      .addTargets('Tasks', {
        port: containerPort,
        protocol: Protocol.TCP,
        targets: [this.service.loadBalancerTarget({ containerName: 'gateway', containerPort })],
        // The gateway checks and logs who connects; it must see the mail server, not the load balancer.
        preserveClientIp: true,
        deregistrationDelay: Duration.seconds(30),
        healthCheck: {
          port: String(healthPort),
          // The health port answers 503 once the gateway shuts down, so that no new connection comes to it.
          ...(site.gateway.health_port === 0
            ? { protocol: Protocol.TCP }
            : { protocol: Protocol.HTTP, path: '/' }),
          interval: Duration.seconds(10),
          healthyThresholdCount: 2,
          unhealthyThresholdCount: 2,
        },
      });
    this.#alarms(site, bell);
  }

  #service(
    { site, house, network, imageFolder }: GatewayProps,
    inside: SecurityGroup,
    healthPort: number,
  ): FargateService {
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    except(
      cluster,
      'AwsSolutions-ECS4',
      'Container Insights bills each of its metrics; the alarms of the gateway use those that ECS and the load balancer give for nothing.',
    );
    const logs = logsOf(this, 'gateway', site.retention.logs);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      inlinePolicies: { rights: policyOf(this, 'gateway', house) },
    });
    nameInTemplate(role, logicalIds.role('gateway'));
    exceptPrefixes(role);

    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: site.gateway.cpu,
      memoryLimitMiB: site.gateway.memory,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: role,
    });
    nameInTemplate(task, logicalIds.gatewayTask);
    task.addContainer('gateway', {
      containerName: 'gateway',
      image: ContainerImage.fromAsset(imageFolder, { platform: Platform.LINUX_ARM64 }),
      portMappings: [...new Set([containerPort, healthPort])].map((port) => ({ containerPort: port })),
      logging: LogDrivers.awsLogs({ logGroup: logs, streamPrefix: 'gateway' }),
      // The most that Fargate grants. The gateway itself lets go of a mail that is not in after 110 s (design, section 6).
      stopTimeout: Duration.seconds(120),
      // ECS reads the certificate when a task starts; a renewed one is taken up by a new deployment (docs/runbook.md).
      secrets: certificateOf(this, site.gateway.tls_secret),
      environment: {
        ...siteVariable(site),
        [variables.table]: house.table.tableName,
        [variables.bucket]: house.bucket.bucketName,
        ...Object.fromEntries(
          sendsTo('gateway').map((queue) => [variables.queue(queue), house.queues[queue].queueUrl]),
        ),
        BELFRY_LMTP: `0.0.0.0:${containerPort}`,
        AWS_REGION: Stack.of(this).region,
      },
    });
    except(
      task,
      'AwsSolutions-ECS2',
      'The variables hold settings and the names of resources; what is secret lies in Secrets Manager and is read by the gateway.',
    );
    const { executionRole } = task;
    if (executionRole !== undefined) {
      except(
        executionRole,
        'AwsSolutions-IAM5[Resource::*]',
        'ecr:GetAuthorizationToken, which fetches the login to the registry of images, has no resource.',
      );
    }

    const service = new FargateService(this, 'Service', {
      cluster: asCluster(cluster),
      taskDefinition: task,
      desiredCount: site.gateway.tasks,
      assignPublicIp: true,
      vpcSubnets: { subnets: network.publicSubnets },
      securityGroups: [inside],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(60),
    });
    nameInTemplate(service, logicalIds.gatewayService);
    return service;
  }

  #alarms(site: Site, bell: Bell): void {
    bell.hang(this, {
      name: 'GatewayDown',
      says: 'No gateway answers. Mail servers keep their mail and try again; nothing is lost, but nothing gets in.',
      section: 'gateway-down',
      metric: this.targets.metrics.healthyHostCount({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      below: true,
      periods: 3,
      silenceIsBad: true,
    });
    if (site.gateway.tasks > 1) {
      bell.hang(this, {
        name: 'GatewayShort',
        says: `Fewer than ${site.gateway.tasks} gateways have been running for 15 minutes.`,
        section: 'gateway-short',
        // Each task gives one sample a minute, so the number of samples is the number of tasks (docs.aws.amazon.com/AmazonECS/latest/
        // developerguide/cloudwatch-metrics.html); the count of tasks itself is sold with Container Insights.
        metric: this.service.metricCpuUtilization({
          period: Duration.minutes(1),
          statistic: Stats.SAMPLE_COUNT,
        }),
        threshold: site.gateway.tasks,
        below: true,
        periods: 15,
      });
    }
    bell.hang(this, {
      name: 'GatewayMemory',
      says: 'A gateway uses more than 85% of its memory.',
      section: 'gateway-memory',
      metric: this.service.metricMemoryUtilization({ period: alarmPeriod, statistic: Stats.MAXIMUM }),
      threshold: 85,
      periods: 3,
    });
  }
}
