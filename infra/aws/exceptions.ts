import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { heldPrefix, keptPrefix, transitPrefix } from '../../lib/blobs/keys.ts';
import { logicalIds } from './names.ts';

/** Takes one finding of cdk-nag as accepted, here and below, for a reason that a reviewer can weigh. */
export const except = (construct: IConstruct, id: string, reason: string): void => {
  Validations.of(construct).acknowledge({ id, reason });
};

/** Accepts that the rights on objects are given by prefix. */
export const exceptPrefixes = (construct: IConstruct): void => {
  for (const prefix of [transitPrefix, keptPrefix, heldPrefix]) {
    except(
      construct,
      `AwsSolutions-IAM5[Resource::<${logicalIds.bucket}.Arn>/${prefix}*]`,
      `Each mail is an object of its own under ${prefix}, and its name is not known before the mail comes.`,
    );
  }
};
