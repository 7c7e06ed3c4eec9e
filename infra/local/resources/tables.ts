import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template } from '../template.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const tableSchema = z.strictObject({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.strictObject({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  // dynalite forgets nothing by itself, has no backups and encrypts nothing; no reader may rely on TTL (design, rule 13).
  TimeToLiveSpecification: z.unknown().optional(),
  PointInTimeRecoverySpecification: z.unknown().optional(),
  DeletionProtectionEnabled: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** Makes the tables that the template declares, and waits until they can be used. */
export const makeTables = async (dynamo: DynamoDBClient, template: Template, names: Names): Promise<void> => {
  await Promise.all(
    ofType(template, 'AWS::DynamoDB::Table').map(async ([id, { Properties }]) => {
      const { SSESpecification: _, ...others } = Properties;
      const { KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes } = propertiesOf(
        tableSchema,
        id,
        resolved(others, names),
      );
      const TableName = names.get(id)?.ref;
      await dynamo.send(
        new CreateTableCommand({
          TableName,
          KeySchema,
          AttributeDefinitions,
          BillingMode,
          ...(GlobalSecondaryIndexes === undefined
            ? {}
            : {
                GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ Projection, ...index }) => ({
                  ...index,
                  Projection: {
                    ProjectionType: Projection.ProjectionType,
                    ...(Projection.NonKeyAttributes === undefined
                      ? {}
                      : { NonKeyAttributes: Projection.NonKeyAttributes }),
                  },
                })),
              }),
        }),
      );
      await waitUntilTableExists(
        { client: dynamo, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 },
        { TableName },
      );
    }),
  );
};
