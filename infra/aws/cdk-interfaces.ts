import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';

// The CDK declares optional properties of these two classes with `| undefined` and those of their interfaces without, so
// that under exactOptionalPropertyTypes a Vpc is no IVpc. It is one, as these guards say.
const isVpc = (construct: IConstruct): construct is IVpc => construct instanceof Vpc;
const isCluster = (construct: IConstruct): construct is ICluster => construct instanceof Cluster;

/** A VPC as what the CDK's other constructs take for one. */
export const asVpc = (construct: IConstruct): IVpc => {
  if (!isVpc(construct)) throw new TypeError(`${construct.node.path} is not a VPC`);
  return construct;
};

/** A cluster as what the CDK's other constructs take for one. */
export const asCluster = (construct: IConstruct): ICluster => {
  if (!isCluster(construct)) throw new TypeError(`${construct.node.path} is not a cluster`);
  return construct;
};
