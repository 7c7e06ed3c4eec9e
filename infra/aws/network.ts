import { Annotations, CfnOutput } from 'aws-cdk-lib';
import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  NatProvider,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { asVpc } from './cdk-interfaces.ts';
import { except } from './exceptions.ts';
import { outputs } from './names.ts';

/** Where a function runs that reaches a relay from inside of a network. */
export interface FunctionPlace {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: ISecurityGroup;
}

/** What the network is made with. */
export interface NetworkProps {
  readonly site: Site;
}

/**
 * The network of the gateway, and of the function outgoing when the relay asks for one. A VPC of our own has public subnets only: the tasks
 * have public addresses to reach SQS, and their security group lets nobody in but the load balancer. That saves a NAT or interface
 * endpoints, which would cost more than all the rest (docs/decisions/0004).
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly publicSubnets: ISubnet[];
  /** Where the function outgoing runs; undefined when it needs no network of ours. */
  readonly outgoing: FunctionPlace | undefined;

  constructor(scope: Construct, id: string, { site }: NetworkProps) {
    super(scope, id);
    const fixed = site.delivery.relay_network === 'fixed-address';
    this.vpc = site.network.vpc === null ? this.#own(site, fixed) : this.#existing(site, site.network.vpc);
    this.publicSubnets = this.vpc.publicSubnets;
    this.outgoing = site.delivery.relay_network === 'public' ? undefined : this.#outgoing();
  }

  #own(site: Site, fixed: boolean): IVpc {
    const address = fixed ? new CfnEIP(this, 'RelaySource', { domain: 'vpc' }) : undefined;
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(site.network.vpc_cidr),
      maxAzs: 2,
      // To empty the default security group would take a function of the CDK's own; nothing of ours is in that group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      natGateways: address === undefined ? 0 : 1,
      ...(address === undefined
        ? {}
        : { natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] }) }),
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
        ...(address === undefined
          ? []
          : [{ name: 'outgoing', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 }]),
      ],
    });
    except(
      vpc,
      'AwsSolutions-VPC7',
      'Flow logs of every LMTP connection would cost more than the connections; a site that must keep them adds them to the VPC, or brings a VPC of its own.',
    );
    if (address !== undefined) {
      // aws-facts.md, section 10: 32.85 USD for the hours of a month, 0.045 USD for each GB, in us-east-1.
      Annotations.of(this).addInfo(
        'delivery.relay_network fixed-address: the NAT gateway costs about 33 USD a month, and 0.045 USD for each GB that it carries.',
      );
      new CfnOutput(this, outputs.relaySource, {
        value: address.attrPublicIp,
        description: 'The address from which mail comes to the relay.',
      }).overrideLogicalId(outputs.relaySource);
    }
    return asVpc(vpc);
  }

  #existing({ network }: Site, vpcId: string): IVpc {
    return Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      vpcCidrBlock: network.vpc_cidr,
      availabilityZones: [...network.availability_zones],
      publicSubnetIds: [...network.public_subnets],
      ...(network.private_subnets.length === 0 ? {} : { privateSubnetIds: [...network.private_subnets] }),
    });
  }

  #outgoing(): FunctionPlace {
    const securityGroup = new SecurityGroup(this, 'RelayClients', {
      vpc: this.vpc,
      description: 'Belfry: the function that speaks to the relay. The relay must let it in.',
      allowAllOutbound: true,
    });
    new CfnOutput(this, outputs.relayClients, {
      value: securityGroup.securityGroupId,
      description: 'The security group from which mail comes to the relay.',
    }).overrideLogicalId(outputs.relayClients);
    return { vpc: this.vpc, subnets: this.vpc.privateSubnets, securityGroup };
  }
}
