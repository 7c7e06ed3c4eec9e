import { describe, expect, it } from 'vitest';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { synthesize } from './synthesized.ts';

const set: SiteOverrides = {
  mailman: { site_owner: 'owner@example.com' },
  mta: { smtp_host: 'relay.example.com', smtp_credentials: 'belfry/relay' },
};
const ownVpc: SiteOverrides = {
  network: {
    vpc: 'vpc-0123456789abcdef0',
    vpc_cidr: '10.1.0.0/16',
    availability_zones: ['eu-central-1a', 'eu-central-1b'],
    public_subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    private_subnets: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
  },
};

/** A site that sends through Amazon SES. */
const sesWith = (ses: Readonly<Record<string, unknown>>): SiteOverrides => ({
  mailman: { site_owner: 'owner@example.com' },
  delivery: { transport: 'ses' },
  ses: { domains: ['lists.example.com'], ...ses },
});

describe('the ways in which a site can be deployed', () => {
  const variants: readonly { readonly name: string; readonly overrides: SiteOverrides }[] = [
    { name: 'the defaults', overrides: {} },
    { name: 'a relay with a login', overrides: set },
    {
      name: 'the relay of the local stack: plain SMTP on a port of its own, and no host names',
      overrides: { mta: { smtp_host: '127.0.0.1', smtp_port: 41_025, smtp_secure_mode: 'smtp' } },
    },
    {
      name: 'exposure to the internet',
      overrides: {
        ...set,
        gateway: { exposure: 'internet', tls_secret: 'belfry/tls', clients: ['192.0.2.0/28'] },
      },
    },
    { name: 'an existing VPC', overrides: { ...set, ...ownVpc } },
    {
      name: 'a relay in the VPC, on port 25',
      overrides: {
        ...set,
        ...ownVpc,
        mta: { smtp_host: '10.1.2.3', smtp_port: 25 },
        delivery: { relay_network: 'vpc' },
      },
    },
    { name: 'Amazon SES', overrides: sesWith({}) },
    {
      name: 'Amazon SES for two domains',
      overrides: sesWith({ domains: ['lists.example.com', 'a-b.example.org'] }),
    },
    { name: 'no web pages', overrides: { ...set, web: { enabled: false } } },
    { name: 'a fixed address', overrides: { ...set, delivery: { relay_network: 'fixed-address' } } },
    {
      name: 'a key of the customer',
      overrides: {
        ...set,
        security: {
          customer_key: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        },
      },
    },
    {
      name: 'one small gateway, reserved concurrency, short times',
      overrides: {
        ...set,
        gateway: { tasks: 1 },
        functions: { reserved_concurrency: 4, timeout: '3s', visibility: '4s' },
      },
    },
  ];
  it.each(variants)('$name: no finding of cdk-nag or CloudFormation is open', ({ overrides }) => {
    expect(synthesize(overrides).findings).toEqual([]);
  });
});

describe('what a person is told at synthesis', () => {
  it('is nothing when all is set', () => {
    expect(synthesize(set).told).toEqual([]);
    expect(synthesize(sesWith({})).told).toEqual([]);
  });

  it('is what must be set before a deploy', () => {
    const { told } = synthesize();
    expect(told).toContainEqual(expect.stringContaining('mta.smtp_host is not set'));
    expect(told).toContainEqual(expect.stringContaining('mailman.site_owner is not set'));
  });

  it('is what Amazon SES does not do, and what its topic needs', () => {
    const customer_key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { told } = synthesize({
      ...sesWith({}),
      mta: { verp_delivery_interval: 1 },
      security: { customer_key },
    });
    expect(told).toEqual([
      expect.stringContaining('envelope senders of its own'),
      expect.stringContaining('must let sns.amazonaws.com use it'),
    ]);
  });

  it('is the price of a NAT', () => {
    const { told } = synthesize({ ...set, delivery: { relay_network: 'fixed-address' } });
    expect(told).toEqual([expect.stringMatching(/NAT gateway costs about 33 USD a month/)]);
  });

  it('is that a password would cross the network in the clear', () => {
    const { told } = synthesize({ ...set, mta: { ...set.mta, smtp_secure_mode: 'smtp' } });
    expect(told).toEqual([expect.stringContaining('in the clear')]);
  });
});

describe('settings that could not run on AWS', () => {
  const refused: readonly { readonly says: string; readonly overrides: SiteOverrides }[] = [
    { says: 'mta.smtp_port: AWS blocks port 25', overrides: { mta: { smtp_port: 25 } } },
    { says: 'ses.domains must name', overrides: { delivery: { transport: 'ses' } } },
    { says: 'ses.domains: "Lists" is not a domain', overrides: sesWith({ domains: ['Lists'] }) },
    {
      says: 'ses.domains: lists.example.com is named twice',
      overrides: sesWith({ domains: ['lists.example.com', 'lists.example.com'] }),
    },
    {
      says: 'ses.mail_from: bounce.example.com is one of ses.domains',
      overrides: sesWith({ domains: ['example.com', 'bounce.example.com'] }),
    },
    {
      says: 'delivery.relay_network: fixed-address is about a relay',
      overrides: { ...sesWith({}), delivery: { transport: 'ses', relay_network: 'fixed-address' } },
    },
    { says: 'devmode.recipient must be set', overrides: { devmode: { enabled: true } } },
    ...['<z@example.com>', 'z', ' z@example.com', 'z@example.com\n'].map((recipient) => ({
      says: `devmode.recipient: ${JSON.stringify(recipient)} is not an address`,
      overrides: { devmode: { enabled: true, recipient } },
    })),
    ...['smtp://relay.example.com', 'relay.example.com:587', ' relay.example.com', '[::1]'].map((host) => ({
      says: `mta.smtp_host: "${host}" is neither the name nor the address of a host`,
      overrides: { mta: { smtp_host: host } },
    })),
    {
      says: 'mta.delivery_retry_period must be less than retention.posts',
      overrides: { mta: { delivery_retry_period: '30d' } },
    },
    {
      says: 'mta.verp_delimiter: "-" is not one of',
      overrides: { mta: { verp_delimiter: '-', verp_format: '$bounces-$local=$domain' } },
    },
    { says: 'mta.smtp_secure_mode: "tls" is not one of', overrides: { mta: { smtp_secure_mode: 'tls' } } },
    {
      says: 'gateway.tls_secret must name',
      overrides: { gateway: { exposure: 'internet', clients: ['192.0.2.0/28'] } },
    },
    {
      says: 'gateway.clients must list',
      overrides: { gateway: { exposure: 'internet', tls_secret: 'belfry/tls' } },
    },
    { says: '"0.0.0.0/0" is not an IPv4 network', overrides: { gateway: { clients: ['0.0.0.0/0'] } } },
    {
      says: '"mx.example.com" is not an IPv4 network',
      overrides: { gateway: { clients: ['mx.example.com'] } },
    },
    { says: 'gateway.cpu: Fargate offers', overrides: { gateway: { cpu: 300 } } },
    { says: 'gateway.memory: with 256 CPU units', overrides: { gateway: { memory: 4096 } } },
    { says: 'retention.logs: CloudWatch Logs keeps', overrides: { retention: { logs: 31 } } },
    { says: 'functions.visibility: 10 s is less', overrides: { functions: { visibility: '10s' } } },
    { says: 'more than the 900 s', overrides: { delivery: { dot_timeout: '600s', reply_timeout: '600s' } } },
    {
      says: 'functions.reserved_concurrency: 3 is less',
      overrides: { functions: { reserved_concurrency: 3 } },
    },
    { says: 'delivery.relay_network: vpc needs', overrides: { delivery: { relay_network: 'vpc' } } },
    { says: 'network.public_subnets must name', overrides: { network: { vpc: 'vpc-0123456789abcdef0' } } },
    {
      says: 'fixed-address makes a NAT in a VPC of its own',
      overrides: { ...ownVpc, delivery: { relay_network: 'fixed-address' } },
    },
    { says: '"belfry" is not the id of a VPC', overrides: { network: { vpc: 'belfry' } } },
    {
      says: 'mta.smtp_credentials: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:relay" is not the whole ARN',
      overrides: {
        mta: { smtp_credentials: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:relay' },
      },
    },
    { says: 'is not the ARN of a KMS key', overrides: { security: { customer_key: 'alias/mail' } } },
  ];
  it.each(refused)('are refused: $says', ({ says, overrides }) => {
    expect(() => synthesize(overrides)).toThrow(says);
  });

  it('are all named at once, a line each', () => {
    expect(() => synthesize({ mta: { smtp_port: 25 }, devmode: { enabled: true } })).toThrow(
      /^Site settings: mta\.smtp_port.*\nSite settings: devmode\.recipient.*$/,
    );
  });

  it('include more settings than fit into the environment of a function', () => {
    expect(() => synthesize({ gateway: { hostname: 'x'.repeat(4000) } })).toThrow(
      'a function has room for 3072',
    );
  });

  it('do not include the word for TLS in capitals, as mailman.cfg may have it, nor a host by its address', () => {
    const { told } = synthesize({
      ...set,
      mta: { ...set.mta, smtp_secure_mode: 'SMTPS', smtp_host: '2001:db8::25' },
    });
    expect(told).toEqual([]);
  });

  it('do not include port 25 when the site insists', () => {
    expect(
      synthesize({ ...set, mta: { ...set.mta, smtp_port: 25 }, delivery: { relay_insist_port_25: true } })
        .told,
    ).toEqual([]);
  });
});
