import type { Target } from '../report/results.ts';
import { digits, table } from '../report/table.ts';
import type { Priced } from './price-post.ts';
import { prices } from './prices.ts';

/** What Belfry may add to the price of SES, and from what size of list on (design, rule 16). */
const share = 0.03;
const smallest = 1000;

const perThousand = ({ total, members }: Priced): number => (total / members) * 1000;

/** Prints the price of each post; gives what is wanted of it. */
export const showPrices = (all: readonly Priced[]): readonly Target[] => {
  console.log(
    '\nThe price of such a post on AWS (us-east-1, without the free tier and without SES, the relay or the gateway itself)\n',
  );
  const kinds = ['DynamoDB', 'S3', 'SQS', 'Lambda', 'logs'] as const;
  console.log(
    table(
      ['members', 'cents a post', '$ per 1,000 recipients', '% of SES', ...kinds.map((kind) => `${kind} %`)],
      all.map((one) => [
        one.members,
        digits(one.total * 100, 4),
        digits(perThousand(one), 6),
        digits((perThousand(one) / prices.sesThousand) * 100, 2),
        ...kinds.map((kind) => digits((one.dollars[kind] / one.total) * 100, 0)),
      ]),
    ),
  );
  console.log('');
  console.log(
    table(
      ['members', 'WRU', 'RRU', 'S3 PUT', 'S3 GET', 'SQS messages', 'invocations', 'ms here', 'log bytes'],
      all.map(({ members, used }) => [
        members,
        digits(used.writeUnits, 0),
        digits(used.readUnits, 1),
        used.s3Puts,
        used.s3Gets,
        used.sqsMessages,
        used.invocations,
        used.milliseconds,
        used.logBytes,
      ]),
    ),
  );
  return all
    .filter(({ members }) => members >= smallest)
    .map((one) => ({
      what: `what Belfry adds to SES for ${one.members} members`,
      wanted: `at most ${share * 100} %`,
      measured: `${digits((perThousand(one) / prices.sesThousand) * 100, 2)} %`,
      met: perThousand(one) <= prices.sesThousand * share,
    }));
};
