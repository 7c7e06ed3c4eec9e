import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { spare } from '../aws/frugal.ts';
import type { Table } from './table.ts';

/** Opens a DynamoDB table. */
export const openTable = (client: DynamoDBClient, name: string): Table => ({
  // An absent optional field is not written at all, so that "not set" has one form.
  client: DynamoDBDocumentClient.from(spare(client), { marshallOptions: { removeUndefinedValues: true } }),
  name,
});
