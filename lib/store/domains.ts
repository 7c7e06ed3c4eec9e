import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { aliasKey, domainKey } from './keys.ts';
import type { Domains } from './store.ts';
import { indexName, queryItems, type Table } from './table.ts';

const domainSchema = z.object({
  mail_host: z.string(),
  alias_domain: z.string().optional(),
  description: z.string().optional(),
});

const aliasSchema = z.object({ mail_host: z.string() });

/** The domains in DynamoDB. An alias is an item of its own, so that it is found by one read. */
export const domainsIn = (table: Table): Domains => {
  const get = async (key: { pk: string; sk: string }) =>
    (await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }))).Item;
  return {
    resolve: async (domain) => {
      // An alias wins over a domain of the same name, as in Mailman (mailman-behaviour.md, section 2.2).
      const [alias, own] = await Promise.all([get(aliasKey(domain)), get(domainKey(domain))]);
      if (alias !== undefined) return aliasSchema.parse(alias).mail_host;
      return own === undefined ? undefined : domain;
    },
    put: async (domain) => {
      if (domain.alias_domain !== undefined) {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...aliasKey(domain.alias_domain), mail_host: domain.mail_host },
          }),
        );
      }
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...domainKey(domain.mail_host), gsi1pk: 'DOMAINS', gsi1sk: domain.mail_host, ...domain },
        }),
      );
    },
    ls: () =>
      queryItems(table, domainSchema, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :all',
        ExpressionAttributeValues: { ':all': 'DOMAINS' },
      }),
  };
};
