import type { Site } from '../../lib/config/site.ts';
import { type Check, check, doubtful, type Finding, well } from './check.ts';
import { deploymentChecks, type FindStack } from './deployment.ts';
import { type DnsResolver, domainChecks } from './domains.ts';
import { type GatewayAddress, gatewayCheck } from './gateway.ts';
import { type RelayLogin, relayChecks } from './relay.ts';
import { type SendingQuota, sendingChecks } from './sending-quota.ts';
import { type SesAsked, sesChecks } from './ses.ts';

/** Something that is asked whether it is there; `ask` throws when it is not. */
export interface Service {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
}

/** What the doctor looks at, and by what it reaches the world. */
export interface DoctorContext {
  readonly kind: 'local' | 'aws';
  readonly site: Site;
  /** The name of the stack in AWS. */
  readonly stack: string;
  /** The mail domains of the lists. */
  readonly domains: readonly string[];
  /** Table, bucket and queues, as this machine reaches them. */
  readonly services: readonly Service[];
  readonly gateway: GatewayAddress | undefined;
  readonly resolver: DnsResolver;
  readonly findStack: FindStack;
  readonly readLogin: (secret: string) => Promise<RelayLogin>;
  readonly sendingQuota: () => Promise<SendingQuota>;
  readonly ses: SesAsked;
  /** How long an answer over the network is waited for. */
  readonly patienceMs: number;
}

const owner = async ({ mailman }: Site): Promise<Finding> =>
  mailman.site_owner.startsWith('changeme@')
    ? doubtful('mailman.site_owner is not set', 'Alarms, and mail to lists without owners, reach nobody.')
    : well(mailman.site_owner);

const serviceChecks = (services: readonly Service[]): readonly Check[] =>
  services.map(({ name, ask }) =>
    check(name, async () => {
      await ask();
      return well('answers');
    }),
  );

/**
 * What `npx belfry doctor` looks at, in the order in which a site is set up: each check gives one line, and none waits for another. For the
 * local stack: emulators, gateway, and the relay or the stub of SES. For AWS also the bootstrap, the stack, SES and the DNS records.
 */
export const doctorChecks = (context: DoctorContext): readonly Check[] => {
  const { kind, site } = context;
  const aws = kind === 'aws';
  return [
    ...(aws ? deploymentChecks(context) : []),
    check('site owner', () => owner(site)),
    ...serviceChecks(context.services),
    gatewayCheck({
      gateway: context.gateway,
      mustReach: !aws || site.gateway.exposure === 'internet',
      patienceMs: context.patienceMs,
    }),
    // The API of SES has no port and no login.
    ...(site.delivery.transport === 'relay' ? relayChecks(context) : []),
    ...(aws || site.delivery.transport === 'ses' ? sendingChecks(site, context.sendingQuota) : []),
    ...sesChecks({ ...context, resolver: aws ? context.resolver : undefined }),
    ...(aws ? domainChecks(context.domains, context.resolver) : []),
  ];
};
