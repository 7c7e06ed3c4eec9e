import { isIP } from 'node:net';
import { verpFormatFault } from '../../lib/addresses/verp.ts';
import type { Site } from '../../lib/config/site.ts';
import { siteSettings } from '../../lib/config/site-settings.ts';
import { isWellFormed } from '../../lib/ses/recipient.ts';
import { checkPatterns } from '../../lib/settings/check-patterns.ts';
import { SettingError } from '../../lib/settings/setting.ts';
import { logPeriods } from './logs.ts';
import { timesOf } from './times.ts';

const network = /^(?:\d{1,3}\.){3}\d{1,3}\/(?:[1-9]|[12]\d|3[0-2])$/;

// What Fargate offers, in MiB for each number of CPU units
// (docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size).
const taskSizes: ReadonlyMap<number, { readonly from: number; readonly to: number }> = new Map([
  [256, { from: 512, to: 2048 }],
  [512, { from: 1024, to: 4096 }],
  [1024, { from: 2048, to: 8192 }],
  [2048, { from: 4096, to: 16_384 }],
  [4096, { from: 8192, to: 30_720 }],
]);

// A network of containers may have names with underscores.
const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/;

const patternRefusal = (site: Site): string | undefined => {
  try {
    checkPatterns(siteSettings.antispam, site.antispam);
    return undefined;
  } catch (error) {
    if (error instanceof SettingError) return `antispam.${error.message}`;
    throw error;
  }
};

const refusalsOf = function* (site: Site): Generator<string> {
  const pattern = patternRefusal(site);
  if (pattern !== undefined) yield pattern;
  const { delivery, functions, gateway, mta } = site;
  if (delivery.transport === 'ses') yield* sesRefusals(site);
  if (mta.smtp_port === 25 && delivery.relay_network !== 'vpc' && !delivery.relay_insist_port_25) {
    yield 'mta.smtp_port: AWS blocks port 25 to the internet until it is asked not to; use 587 (starttls) or 465 (smtps), or, when AWS has opened the port for your account, set delivery.relay_insist_port_25';
  }
  const format = verpFormatFault(mta.verp_format, mta.verp_delimiter);
  if (format !== undefined) yield `mta.verp_format: ${format}`;
  if (mta.smtp_host !== '' && isIP(mta.smtp_host) === 0 && !hostName.test(mta.smtp_host)) {
    yield `mta.smtp_host: "${mta.smtp_host}" is neither the name nor the address of a host, such as relay.example.com; the port is mta.smtp_port, and TLS is mta.smtp_secure_mode`;
  }
  if (mta.delivery_retry_period >= site.retention.posts) {
    yield 'mta.delivery_retry_period must be less than retention.posts: a ledger that has expired cannot tell who is still to be tried';
  }
  // What is no address would be refused for each recipient in turn, and be their bounce.
  if (site.devmode.enabled && !isWellFormed(site.devmode.recipient)) {
    yield site.devmode.recipient === ''
      ? 'devmode.recipient must be set when devmode.enabled is'
      : `devmode.recipient: ${JSON.stringify(site.devmode.recipient)} is not an address such as you@example.com`;
  }
  if (!logPeriods.includes(site.retention.logs)) {
    yield `retention.logs: CloudWatch Logs keeps logs for ${logPeriods.join(', ')} days, not for ${site.retention.logs}`;
  }

  if (gateway.exposure === 'internet') {
    if (gateway.tls_secret === '') {
      yield 'gateway.tls_secret must name a certificate when gateway.exposure is internet: mail must not cross the internet in the clear';
    }
    if (gateway.clients.length === 0) {
      yield 'gateway.clients must list the networks of your mail servers when gateway.exposure is internet';
    }
  }
  for (const client of gateway.clients) {
    if (!network.test(client)) {
      yield `gateway.clients: "${client}" is not an IPv4 network such as 192.0.2.0/28 (and 0.0.0.0/0 would let anybody post past your mail server)`;
    }
  }
  const sizes = taskSizes.get(gateway.cpu);
  if (sizes === undefined) {
    yield `gateway.cpu: Fargate offers ${[...taskSizes.keys()].join(', ')}, not ${gateway.cpu}`;
  } else if (gateway.memory < sizes.from || gateway.memory > sizes.to || gateway.memory % 512 !== 0) {
    yield `gateway.memory: with ${gateway.cpu} CPU units Fargate offers ${sizes.from} to ${sizes.to} MiB in steps of 512 or 1024, not ${gateway.memory}`;
  }

  for (const queue of ['in', 'out'] as const) {
    const section = queue === 'in' ? 'functions.visibility' : 'functions.outgoing_visibility';
    const { timeout, visibility } = timesOf(site, queue);
    if (timeout > 900)
      yield `functions: a time limit of ${timeout} s is more than the 900 s that Lambda grants`;
    if (visibility < timeout) {
      yield `${section}: ${visibility} s is less than the time limit of ${timeout} s, so a message would come again while it is worked on`;
    }
  }
  // The pollers would fetch messages that Lambda then refuses to work on, and each refusal counts as a failed try.
  const reserved = functions.reserved_concurrency;
  const needed = Math.max(functions.concurrency, 2 * functions.outgoing_concurrency);
  if (reserved !== null && reserved < needed) {
    yield `functions.reserved_concurrency: ${reserved} is less than the ${needed} copies that the queues may start`;
  }
  const { customer_key: key } = site.security;
  if (key !== '' && !/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(key)) {
    yield `security.customer_key: "${key}" is not the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  }
  for (const [setting, secret] of [
    ['mta.smtp_credentials', mta.smtp_credentials],
    ['gateway.tls_secret', gateway.tls_secret],
  ]) {
    // The ARN of a secret ends in six characters that Secrets Manager has added; without them it is the ARN of nothing.
    if (secret?.startsWith('arn:') && !/:secret:.+-\w{6}$/.test(secret)) {
      yield `${setting}: "${secret}" is not the whole ARN of a secret; give it whole, or give the name alone`;
    }
  }
  yield* networkRefusals(site);
};

const domainName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

const sesRefusals = function* ({ delivery, ses }: Site): Generator<string> {
  if (ses.domains.length === 0) {
    yield 'ses.domains must name the mail domains of your lists when delivery.transport is ses: SES sends for domains that it has verified';
  }
  for (const [index, domain] of ses.domains.entries()) {
    if (!domainName.test(domain)) {
      yield `ses.domains: "${domain}" is not a domain such as lists.example.com, in small letters`;
    }
    if (ses.domains.indexOf(domain) !== index) yield `ses.domains: ${domain} is named twice`;
    // SES sends bounces of its own to the MAIL FROM domain, whose only MX record is SES
    // (https://docs.aws.amazon.com/ses/latest/dg/mail-from.html).
    if (ses.domains.includes(`${ses.mail_from}.${domain}`)) {
      yield `ses.mail_from: ${ses.mail_from}.${domain} is one of ses.domains; a MAIL FROM domain cannot receive mail, so choose another label`;
    }
  }
  if (delivery.relay_network !== 'public') {
    yield `delivery.relay_network: ${delivery.relay_network} is about a relay; with delivery.transport ses leave it public`;
  }
};

const networkRefusals = function* ({ delivery, network }: Site): Generator<string> {
  if (network.vpc === null) {
    if (delivery.relay_network === 'vpc') {
      yield 'delivery.relay_network: vpc needs the VPC of the relay in network.vpc, and its private subnets in network.private_subnets';
    }
    return;
  }
  if (!/^vpc-[0-9a-f]+$/.test(network.vpc)) yield `network.vpc: "${network.vpc}" is not the id of a VPC`;
  for (const subnet of [...network.public_subnets, ...network.private_subnets]) {
    if (!/^subnet-[0-9a-f]+$/.test(subnet)) yield `network: "${subnet}" is not the id of a subnet`;
  }
  const zones = network.availability_zones.length;
  if (zones === 0 || network.public_subnets.length !== zones) {
    yield 'network.public_subnets must name one subnet for each of network.availability_zones when network.vpc is set';
  }
  if (delivery.relay_network === 'fixed-address') {
    yield 'delivery.relay_network: fixed-address makes a NAT in a VPC of its own; in a VPC of yours use vpc, and your NAT';
  }
  if (delivery.relay_network === 'vpc' && network.private_subnets.length !== zones) {
    yield 'network.private_subnets must name one subnet for each of network.availability_zones when delivery.relay_network is vpc';
  }
};

/**
 * Refuses settings that could be read but not run on AWS.
 * @throws SettingError that names every reason, a line each.
 */
export const refuseWhatCannotRun = (site: Site): void => {
  const refusals = [...refusalsOf(site)];
  if (refusals.length > 0) {
    throw new SettingError(refusals.map((refusal) => `Site settings: ${refusal}`).join('\n'));
  }
};

/** What can be synthesized and should be looked at before it is deployed. */
export const warningsOf = ({ delivery, mailman, mta, security }: Site): readonly string[] => {
  const warnings: string[] = [];
  if (mailman.site_owner === 'changeme@example.com') {
    warnings.push('mailman.site_owner is not set: alarms will reach nobody.');
  }
  if (delivery.transport === 'relay' && mta.smtp_host === '') {
    warnings.push(
      'mta.smtp_host is not set: posts will be accepted and wait, since there is no relay to deliver them.',
    );
  }
  if (delivery.transport === 'relay' && delivery.relay_network === 'public' && mta.smtp_credentials === '') {
    warnings.push(
      'mta.smtp_credentials is not set: functions have no fixed address, so a relay on the internet can know them only by a login.',
    );
  }
  if (delivery.transport === 'ses' && (mta.verp_personalized_deliveries || mta.verp_delivery_interval > 0)) {
    warnings.push(
      'mta.verp_*: Amazon SES has envelope senders of its own, so posts do not leave with VERP senders.',
    );
  }
  if (delivery.transport === 'ses' && security.customer_key !== '') {
    warnings.push(
      'security.customer_key: its policy must let sns.amazonaws.com use it (kms:GenerateDataKey, kms:Decrypt), or no bounce and no complaint of Amazon SES reaches the queue.',
    );
  }
  if (mta.smtp_credentials !== '' && mta.smtp_secure_mode === 'smtp') {
    warnings.push(
      'mta.smtp_secure_mode is smtp: the password of the relay will cross the network in the clear.',
    );
  }
  return warnings;
};
