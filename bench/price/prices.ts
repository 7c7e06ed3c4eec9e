/**
 * What AWS asks, in US dollars, us-east-1, without the free tier. From /work/shared/aws-facts.md (gathered 2026-11-20); check them on
 * https://aws.amazon.com/pricing/ before you publish a figure.
 */
export const prices = {
  /** DynamoDB on demand, since 2024-11-01 (section 7). */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** SQS standard queues: a request, or each 64 KB of one (section 5); and what a fair queue adds for a message with a group. */
  sqsRequest: 0.4 / 1e6,
  sqsFairMessage: 0.1 / 1e6,
  /** S3 Standard: PUT, COPY and POST; GET (section 10). */
  s3Put: 5 / 1e6,
  s3Get: 0.4 / 1e6,
  /** Lambda on arm64: a GB-second (section 10), and a request. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** CloudWatch Logs: a GB that is taken in (section 10). */
  logGb: 0.5,
  /** SES à la carte: 1,000 recipients (section 4). What Belfry may add is 3% of this (design, rule 16). */
  sesThousand: 0.1,
} as const;

/** SQS counts a request anew for each 64 KB of it (section 5). */
export const sqsRequestBytes = 65_536;
