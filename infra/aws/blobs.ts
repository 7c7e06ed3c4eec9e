import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { transitPrefix } from '../../lib/blobs/keys.ts';
import { except } from './exceptions.ts';
import { nameInTemplate } from './logical-id.ts';
import { logicalIds } from './names.ts';

/** What the bucket is made with. */
export interface MailBucketProps {
  readonly customerKey: IKey | undefined;
  /** `retention.posts`, in seconds. */
  readonly keepPosts: number;
}

/** The bytes of mails and the rosters of posts. What is under `transit/` expires; what is under `kept/` does not; the bucket outlives the stack. */
export class MailBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { customerKey, keepPosts }: MailBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(customerKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: customerKey, bucketKeyEnabled: true }),
      lifecycleRules: [
        {
          id: 'posts-in-transit',
          prefix: transitPrefix,
          // One day more than the table's own dates, so that nothing in the table ever points at bytes that are gone (design, rule 13).
          expiration: Duration.days(Math.ceil(keepPosts / 86_400) + 1),
        },
        // A gateway that died in the middle of a large mail leaves parts behind, which nobody can see and which cost money.
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    nameInTemplate(this.bucket, logicalIds.bucket);
    except(
      this.bucket,
      'AwsSolutions-S1',
      'Access logs would need a second bucket and a log line for each mail, which costs more than the mail; CloudTrail data events can be switched on by a site that must audit.',
    );
  }
}
