import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Gives a resource the name that it has in the template, in place of the CDK's name with its digest. */
export const nameInTemplate = (construct: IConstruct, id: string): void => {
  const resource = construct.node.defaultChild;
  if (!(resource instanceof CfnResource))
    throw new Error(`${construct.node.path} has no resource to name ${id}`);
  resource.overrideLogicalId(id);
};
