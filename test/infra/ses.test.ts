import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { logicalIds, outputs } from '../../infra/aws/names.ts';
import { variables } from '../../lib/config/environment.ts';
import { synthesize } from './synthesized.ts';

const { template } = synthesize({
  delivery: { transport: 'ses' },
  ses: { domains: ['lists.example.com', 'example.org'], mail_from: 'mx' },
});
const relay = synthesize().template;
const set = { Ref: logicalIds.configurationSet };
const topic = { Ref: logicalIds.sesTopic };

describe('the identities', () => {
  it.each(['lists.example.com', 'example.org'])(
    '%s is signed by Easy DKIM, has a MAIL FROM domain of its own, and mails no bounces beside the events',
    (domain) => {
      template.hasResourceProperties('AWS::SES::EmailIdentity', {
        EmailIdentity: domain,
        ConfigurationSetAttributes: { ConfigurationSetName: set },
        DkimAttributes: { SigningEnabled: true },
        DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
        FeedbackAttributes: { EmailForwardingEnabled: false },
        MailFromAttributes: { MailFromDomain: `mx.${domain}`, BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' },
      });
    },
  );

  it('tell the records that are to be set in DNS', () => {
    const given = template.toJSON().Outputs;
    for (const name of ['ListsExampleCom', 'ExampleOrg']) {
      for (const what of ['Dkim1', 'Dkim2', 'Dkim3', 'MailFromMx', 'MailFromSpf']) {
        expect(given[outputs.dnsRecord(what, name)]).toBeDefined();
      }
    }
    expect(JSON.stringify(given[outputs.dnsRecord('Dkim2', 'ExampleOrg')].Value)).toMatch(
      /DkimDNSTokenName2.* CNAME .*DkimDNSTokenValue2/,
    );
    expect(JSON.stringify(given[outputs.dnsRecord('MailFromMx', 'ExampleOrg')].Value)).toContain(
      '["mx.example.org MX 10 feedback-smtp.",{"Ref":"AWS::Region"},".amazonses.com"]',
    );
    expect(given[outputs.dnsRecord('MailFromSpf', 'ExampleOrg')].Value).toBe(
      'mx.example.org TXT "v=spf1 include:amazonses.com ~all"',
    );
  });
});

describe('the configuration set', () => {
  it('sends, and counts bounces and complaints', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      ReputationOptions: { ReputationMetricsEnabled: true },
      SendingOptions: { SendingEnabled: true },
    });
  });

  it('is known to outgoing, and to nobody else', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const told = functions.filter(
      ([, { Properties }]) => variables.sesConfigurationSet in Properties.Environment.Variables,
    );
    expect(told.map(([id]) => id)).toEqual([logicalIds.function('outgoing')]);
    expect(told[0]?.[1].Properties.Environment.Variables[variables.sesConfigurationSet]).toEqual(set);
  });
});

describe('what SES tells', () => {
  it('are bounces, complaints, delays, rejects and failures, and neither deliveries nor opens', () => {
    template.resourceCountIs('AWS::SES::ConfigurationSetEventDestination', 1);
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      ConfigurationSetName: set,
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'deliveryDelay', 'reject', 'renderingFailure'],
        SnsDestination: { TopicARN: topic },
      },
    });
  });

  it('goes over a topic that only this configuration set of this account may publish to, under no key', () => {
    expect(template.toJSON().Resources[logicalIds.sesTopic].Properties?.KmsMasterKeyId).toBeUndefined();
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [topic],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          {
            Sid: Match.anyValue(),
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'ses.amazonaws.com' },
            Resource: topic,
            Condition: {
              StringEquals: {
                'AWS:SourceAccount': { Ref: 'AWS::AccountId' },
                'AWS:SourceArn': {
                  'Fn::Join': ['', Match.arrayWith([':configuration-set/', set])],
                },
              },
            },
          },
        ],
      },
    });
  });

  it('arrives on the queue bounces as it was written, and the queue admits that topic and no other', () => {
    const bounces = logicalIds.queue('bounces');
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      TopicArn: topic,
      Endpoint: { 'Fn::GetAtt': [bounces, 'Arn'] },
      RawMessageDelivery: true,
    });
    const allowed = Object.values(template.findResources('AWS::SQS::QueuePolicy')).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter(
        ({ Effect }: { readonly Effect: string }) => Effect === 'Allow',
      ),
    );
    expect(allowed).toEqual([
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { Service: 'sns.amazonaws.com' },
        Resource: { 'Fn::GetAtt': [bounces, 'Arn'] },
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ]);
  });
});

describe('the quota', () => {
  it('is read each minute, by a function of its own that feeds on nothing', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Arn: { 'Fn::GetAtt': [logicalIds.function('quota'), 'Arn'] }, Id: 'Target0' }],
    });
    template.resourceCountIs('AWS::Events::Rule', 2);
  });
});

describe('the alarms', () => {
  it.each([
    ['Reputation.BounceRate', 0.03, 0.05],
    ['Reputation.ComplaintRate', 0.0005, 0.001],
  ])('on %s ring well before AWS looks', (MetricName, Threshold, review) => {
    expect(Threshold).toBeLessThan(review);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SES',
      MetricName,
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    });
  });
});

describe('a site with a relay', () => {
  it('has nothing of it', () => {
    const { Resources, Outputs } = relay.toJSON();
    const types = Object.values<{ readonly Type: string }>(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::SES::'))).toEqual([]);
    expect(JSON.stringify([Resources, Outputs])).not.toMatch(/amazonses|ses:|Quota/);
  });
});
