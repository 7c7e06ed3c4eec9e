import { describe, expect, it } from 'vitest';
import { type GrantTarget, grantsOf } from '../../infra/aws/grants.ts';
import { type Actor, functionNames, logicalIds, sesFunctionNames } from '../../infra/aws/names.ts';
import { type Synthesized, synthesize } from './synthesized.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const actors: readonly Actor[] = [...functionNames, 'gateway'];

const statementsOf = (actor: Actor, { template }: Synthesized): readonly Statement[] => {
  const role = template.toJSON().Resources[logicalIds.role(actor)];
  expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  return role.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: readonly Statement[] } }) => policy.PolicyDocument.Statement,
  );
};
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

const byDefault = synthesize();
const isUnusedByDefault = (on: GrantTarget): boolean =>
  on.kind === 'secret' ||
  on.kind === 'ses' ||
  on.kind === 'ses-account' ||
  (on.kind === 'table' && on.only === 'ses');

describe.each(actors)('the rights of %s', (actor) => {
  it('are those of the table of grants, and no more', () => {
    const granted = grantsOf(actor)
      .filter(({ on }) => !isUnusedByDefault(on))
      .flatMap(({ actions }) => actions);
    expect(statementsOf(actor, byDefault).flatMap(actionsOf).toSorted()).toEqual(granted.toSorted());
  });

  it('name every action, scan nothing, delete nothing but what was held, and reach no table, bucket or queue but ours', () => {
    for (const statement of statementsOf(actor, byDefault)) {
      for (const action of actionsOf(statement)) {
        expect(action).not.toMatch(/\*|Scan/);
        if (action.startsWith('s3:Delete')) expect(actor).toBe('command');
        // Who announces a held mail takes it back when it was decided on meanwhile; a probe that went through ends parking; on a page
        // members leave, and bounces and complaints remove them.
        if (action.startsWith('dynamodb:Delete'))
          expect(['bounce', 'command', 'incoming', 'outgoing', 'web']).toContain(actor);
        if (action === 's3:DeleteObject')
          expect(JSON.stringify(statement.Resource)).toContain('/kept/held/*');
      }
      expect(JSON.stringify(statement.Resource)).toMatch(
        /"Fn::GetAtt":\["(Table|Bucket|\w+Queue|\w+Logs)","Arn"\]/,
      );
    }
  });
});

describe('the login of the relay', () => {
  const secretsOf = (actor: Actor, of: Synthesized) =>
    statementsOf(actor, of).filter((one) => actionsOf(one).includes('secretsmanager:GetSecretValue'));

  it('can be read by outgoing alone', () => {
    const named = synthesize({ mta: { smtp_credentials: 'belfry/relay' } });
    expect(actors.filter((actor) => secretsOf(actor, named).length > 0)).toEqual(['outgoing']);
    expect(JSON.stringify(secretsOf('outgoing', named)[0]?.Resource)).toContain(
      ':secret:belfry/relay-??????',
    );
  });

  it('is named as it is when it is given by ARN', () => {
    const smtp_credentials = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:relay-AbCdEf';
    const byArn = synthesize({ mta: { smtp_credentials } });
    expect(secretsOf('outgoing', byArn)[0]?.Resource).toBe(smtp_credentials);
  });

  it('gives no right when there is none', () => {
    expect(secretsOf('outgoing', byDefault)).toEqual([]);
  });
});

describe('a key of the customer', () => {
  const customer_key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const keyed = synthesize({ security: { customer_key } });

  it.each(actors)('can be used by %s, through S3, SQS and DynamoDB alone', (actor) => {
    const statement = statementsOf(actor, keyed).find(({ Resource }) => Resource === customer_key);
    expect(JSON.stringify(statement)).toContain('kms:ViaService');
  });
});

describe('Amazon SES', () => {
  const ses = synthesize({
    delivery: { transport: 'ses' },
    ses: { domains: ['lists.example.com', 'example.org'] },
  });
  const all: readonly Actor[] = [...actors, ...sesFunctionNames];
  const withAction = (action: string) =>
    all.filter((actor) => statementsOf(actor, ses).some((one) => actionsOf(one).includes(action)));

  it.each(all)('gives %s what the table of grants says, and no more', (actor) => {
    const granted = grantsOf(actor)
      .filter(({ on }) => on.kind !== 'secret')
      .flatMap(({ actions }) => actions);
    expect(statementsOf(actor, ses).flatMap(actionsOf).toSorted()).toEqual(granted.toSorted());
  });

  it('is sent through by outgoing alone, from the identities and with the configuration set of the stack', () => {
    expect(withAction('ses:SendRawEmail')).toEqual(['outgoing']);
    const statement = statementsOf('outgoing', ses).find((one) =>
      actionsOf(one).includes('ses:SendRawEmail'),
    );
    const resources = JSON.stringify(statement?.Resource);
    for (const id of ['SesConfigurationSet', 'SesIdentityListsExampleCom', 'SesIdentityExampleOrg']) {
      expect(resources).toContain(`{"Ref":"${id}"}`);
    }
    expect(resources).not.toContain('"*"');
  });

  it('tells its quota to who sends and to the function quota, which has no other right than to write it down', () => {
    expect(withAction('ses:GetSendQuota')).toEqual(['outgoing', 'quota']);
    expect(statementsOf('quota', ses).flatMap(actionsOf)).toEqual([
      'ses:GetSendQuota',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  it('gives no right where mail leaves by a relay', () => {
    const given = actors.flatMap((actor) => statementsOf(actor, byDefault).flatMap(actionsOf));
    expect(given.filter((action) => action.startsWith('ses:'))).toEqual([]);
  });
});
