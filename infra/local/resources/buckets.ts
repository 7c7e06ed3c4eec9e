import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Names } from '../resolve.ts';
import { ofType, type Template } from '../template.ts';

/** Makes the buckets that the template declares. Nothing here lives long enough for a lifecycle to matter. */
export const makeBuckets = async (s3: S3Client, template: Template, names: Names): Promise<void> => {
  await Promise.all(
    ofType(template, 'AWS::S3::Bucket').map(([id]) =>
      s3.send(new CreateBucketCommand({ Bucket: names.get(id)?.ref })),
    ),
  );
};
