/** What every client of the AWS SDK has, as far as it matters here. */
interface SdkClient {
  readonly middlewareStack: { readonly remove: (name: string) => boolean };
}

interface CachingClient extends SdkClient {
  readonly config: { cacheMiddleware?: boolean };
}

/**
 * What the SDK does for every request and nobody here makes use of: a copy of all input and output, without secrets, for a logger that
 * is not set; and a header that tells AWS in 300 characters which features of the SDK are in use.
 */
const unused = ['loggerMiddleware', 'getUserAgentMiddleware'] as const;

/** Makes a client leave out what nobody makes use of; gives the same client. */
export const spare = <C extends SdkClient>(client: C): C => {
  for (const name of unused) client.middlewareStack.remove(name);
  return client;
};

/**
 * The same, and the client no longer puts its middleware together anew for every request: the SDK's own option for that
 * (`cacheMiddleware`). The three requests of a mail are most of the gateway's work, and most of its garbage (bench/README.md).
 *
 * Never give it a client that a DynamoDBDocumentClient is made from: the commands of lib-dynamodb keep their input in what would be
 * cached, so that each request would send the first one again.
 */
export const frugal = <C extends CachingClient>(client: C): C => {
  client.config.cacheMiddleware = true;
  return spare(client);
};
