import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GrantTarget, grantsOf } from '../../infra/aws/grants.ts';
import { type Actor, functionNames, logicalIds, sesFunctionNames } from '../../infra/aws/names.ts';
import { checkout } from '../../infra/aws/site-file.ts';
import { queueNames } from '../../lib/queue/names.ts';

// The crash sweep notes every call that gateway and functions make on the way of a mail: "incoming	s3 GET transit/mail". Its goldens
// are held against the rights here (design, rule 17).
const golden = path.join(checkout, 'test/crash/golden');
const actors: readonly Actor[] = [...functionNames, ...sesFunctionNames, 'gateway'];

/** An action on a target, in words that calls and rights can both be put into. */
type Use = `${string} on ${string}`;

const wordsFor = (target: GrantTarget): string => {
  switch (target.kind) {
    case 'objects':
      return target.prefix;
    case 'queue':
      return logicalIds.queue(target.queue);
    default:
      return target.kind;
  }
};

const s3Actions: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  PUT: 'PutObject',
  // Of a copy the sweep notes where it goes; that it reads the other object as well is in the rights to GetObject.
  COPY: 'PutObject',
  DELETE: 'DeleteObject',
};

// What is found by the index: all lists, the tokens of held mails (those of requests are items of the table), and what belongs to an address on all lists.
const indexed: ReadonlySet<string> = new Set(['LISTS', 'TOKEN', 'ADDRESS', 'REQUESTS-OF', 'FORMER-OF']);

const useOf = (service: string, operation: string, on: string): Use => {
  const found = operation === 'Query' && indexed.has(on);
  if (service === 'dynamodb' && found) return `dynamodb:${operation} on index`;
  if (service === 'dynamodb') return `dynamodb:${operation} on table`;
  if (service === 'ses') return `ses:${operation} on ${operation === 'GetSendQuota' ? 'ses-account' : 'ses'}`;
  if (service === 's3') {
    const action = s3Actions[operation] ?? operation;
    // What is held has a prefix of its own, for it alone is read again and removed.
    const prefix =
      on === 'kept/held' && action !== 'PutObject' ? 'kept/held/' : on.slice(0, on.indexOf('/') + 1);
    return `s3:${action} on ${prefix}`;
  }
  // IAM knows no batches.
  return `${service}:${operation.replace(/Batch$/, '')} on ${on}`;
};

const recorded = new Map<Actor, Set<Use>>(actors.map((actor) => [actor, new Set()]));
const strangers: string[] = [];
for (const file of globSync('*.calls', { cwd: golden })) {
  for (const line of readFileSync(path.join(golden, file), 'utf8').trimEnd().split('\n')) {
    const [name, call = ''] = line.split('\t');
    const [service = '', operation = '', on = ''] = call.split(' ');
    if (service === 'smtp') continue;
    const actor = actors.find((known) => known === name);
    if (actor === undefined) strangers.push(line);
    else recorded.get(actor)?.add(useOf(service, operation, on));
  }
}

const granted = (actor: Actor, seen: boolean): ReadonlySet<Use> =>
  new Set(
    grantsOf(actor)
      .filter(({ unseen }) => !seen || unseen === undefined)
      .flatMap(({ actions, on }) => actions.map((action): Use => `${action} on ${wordsFor(on)}`)),
  );

// What the sweep does not come by, each with the test that does, or the reason why none does.
const shunting = 'the shunt takes a message only after a defect (test/runners)';
const moderating = 'decisions on held mails (test/held, test/commands)';
const deciding = 'mails that are held or rejected, and shunting (test/runners)';
const bouncing = 'bounces, complaints and warnings (test/runners)';
const clockwork = 'nothing is due by the clock while the sweep runs (test/held)';
const throughSes = 'mail leaves through Amazon SES (test/ses)';
const pages = 'people who open a page (test/web)';
const waiting = 'commands and bounces are recorded and wait (test/runners)';
const explained: Readonly<Partial<Record<Actor, Readonly<Record<Use, string>>>>> = {
  gateway: {
    'dynamodb:UpdateItem on table': 'a repeated arrival is counted (test/gateway)',
    'sqs:SendMessage on CommandQueue': 'mail with a command (test/gateway)',
    'sqs:SendMessage on BouncesQueue': 'a bounce (test/gateway)',
  },
  incoming: {
    'dynamodb:PutItem on table': deciding,
    'dynamodb:UpdateItem on table': deciding,
    'dynamodb:Query on table': deciding,
    'dynamodb:DeleteItem on table': deciding,
    's3:PutObject on kept/': deciding,
    's3:GetObject on kept/held/': deciding,
    's3:PutObject on transit/': deciding,
    'sqs:SendMessage on CommandQueue': 'a list that answers automatically (test/commands)',
  },
  pipeline: {
    'dynamodb:PutItem on table': shunting,
    's3:PutObject on kept/': shunting,
  },
  outgoing: {
    'dynamodb:PutItem on table': shunting,
    's3:PutObject on kept/': shunting,
    'dynamodb:BatchGetItem on table': 'from the second attempt on: who has left the list (test/delivery)',
    'dynamodb:DeleteItem on table': 'a probe that went through ends the parking of delivery (test/delivery)',
    'sqs:SendMessage on CommandQueue': 'trouble that the owners are told (test/delivery)',
    'sqs:SendMessage on OutQueue':
      'a chunk is handed back when time is short or the relay refuses us (test/delivery)',
    'sqs:ChangeMessageVisibility on OutQueue': 'a chunk that somebody else holds is hidden (test/delivery)',
    'sqs:ChangeMessageVisibility on RetryQueue': 'a chunk that somebody else holds is hidden (test/delivery)',
    'secretsmanager:GetSecretValue on secret': 'the relay of the tests wants no login',
    'ses:SendRawEmail on ses': throughSes,
    'ses:GetSendQuota on ses-account': throughSes,
    'dynamodb:BatchWriteItem on table': throughSes,
  },
  command: {
    'dynamodb:GetItem on table': moderating,
    'dynamodb:PutItem on table': moderating,
    'dynamodb:BatchGetItem on table': moderating,
    'dynamodb:UpdateItem on table': moderating,
    'dynamodb:Query on table': moderating,
    'dynamodb:Query on index': moderating,
    'dynamodb:DeleteItem on table': moderating,
    's3:GetObject on transit/': waiting,
    's3:PutObject on transit/': moderating,
    's3:PutObject on kept/': waiting,
    's3:GetObject on kept/held/': moderating,
    's3:DeleteObject on kept/held/': moderating,
    'sqs:SendMessage on PipelineQueue': moderating,
    'sqs:SendMessage on CommandQueue': moderating,
  },
  bounce: {
    'dynamodb:GetItem on table': bouncing,
    'dynamodb:PutItem on table': bouncing,
    'dynamodb:BatchGetItem on table': bouncing,
    'dynamodb:UpdateItem on table': bouncing,
    'dynamodb:Query on table': bouncing,
    'dynamodb:DeleteItem on table': bouncing,
    's3:GetObject on transit/': bouncing,
    's3:PutObject on transit/': bouncing,
    's3:PutObject on kept/': shunting,
    'sqs:SendMessage on PipelineQueue': bouncing,
    'sqs:SendMessage on CommandQueue': 'a post that Amazon SES rejects (test/runners)',
  },
  quota: {
    'ses:GetSendQuota on ses-account': clockwork,
    'dynamodb:UpdateItem on table': clockwork,
  },
  scheduled: {
    'dynamodb:Query on table': clockwork,
    'dynamodb:Query on index': clockwork,
    'dynamodb:BatchGetItem on table': clockwork,
    'sqs:SendMessage on CommandQueue': clockwork,
    'sqs:SendMessage on BouncesQueue': clockwork,
  },
  web: {
    'dynamodb:GetItem on table': pages,
    'dynamodb:PutItem on table': pages,
    'dynamodb:UpdateItem on table': pages,
    'dynamodb:DeleteItem on table': pages,
    'dynamodb:BatchGetItem on table': pages,
    'dynamodb:Query on table': pages,
    'dynamodb:Query on index': pages,
    's3:PutObject on transit/': pages,
    'sqs:SendMessage on PipelineQueue': pages,
    'sqs:SendMessage on CommandQueue': pages,
  },
  'dead-letters': {
    'dynamodb:GetItem on table': shunting,
    'dynamodb:PutItem on table': shunting,
    's3:GetObject on transit/': shunting,
    's3:GetObject on kept/held/': shunting,
    's3:PutObject on kept/': shunting,
  },
};

it('the crash sweep has noted calls, of actors and queues that exist', () => {
  expect(strangers).toEqual([]);
  expect(recorded.get('incoming')?.size).toBeGreaterThan(0);
  const queues = queueNames.map(logicalIds.queue);
  const sent = [...recorded.values()].flatMap((uses) => [...uses]).filter((use) => use.startsWith('sqs:'));
  for (const use of sent) expect(queues).toContain(use.split(' on ')[1]);
});

describe.each(actors)('%s', (actor) => {
  const uses = recorded.get(actor) ?? new Set<Use>();
  const reasons = explained[actor] ?? {};

  it('makes no call that it has no right to', () => {
    const rights = granted(actor, false);
    expect([...uses].filter((use) => !rights.has(use))).toEqual([]);
  });

  it('has no right that it does not use, or that is not explained', () => {
    expect([...granted(actor, true)].filter((use) => !uses.has(use) && !(use in reasons))).toEqual([]);
  });

  it('has no explanation for a right that it has not', () => {
    const rights = [...granted(actor, true)];
    expect(Object.keys(reasons).filter((use) => !rights.some((right) => right === use))).toEqual([]);
  });
});
