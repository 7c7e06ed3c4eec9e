import { systemClock } from '../../lib/clock/clock.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { readListSettings } from '../../lib/lists/settings.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../lmtp-gateway/gateway.ts';
import type { Emulators } from '../harness/emulators.ts';

/** A gateway with what it wrote. */
export interface GatewayUnderTest extends Gateway {
  readonly port: number;
  /** The events of the mail log. */
  readonly maillog: readonly Readonly<Record<string, unknown>>[];
  /** The faults of ours that it told of. */
  readonly problems: readonly string[];
}

/** Starts a real gateway in this process, on the real ports to the emulators. */
export const startTestGateway = async (
  emulators: Emulators,
  overrides: SiteOverrides = {},
  changes: Partial<GatewayOptions> = {},
): Promise<GatewayUnderTest> => {
  const maillog: Record<string, unknown>[] = [];
  const problems: string[] = [];
  const gateway = await startGateway({
    site: readSite({
      ...overrides,
      mailman: { site_owner: 'owner@example.com', ...overrides.mailman },
      gateway: { hostname: 'mail.example.com', health_port: 0, ...overrides.gateway },
    }),
    store: emulators.store,
    blobs: emulators.blobs,
    queues: emulators.queues,
    clock: systemClock,
    maillog: mailLogTo((line) => maillog.push(JSON.parse(line))),
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.1.0',
    problem: (where, error) => problems.push(`${where}: ${error instanceof Error ? error.message : error}`),
    ...changes,
  });
  return { ...gateway, port: gateway.lmtp.port, maillog, problems };
};

/** Makes a list, and its domain. */
export const makeList = async (emulators: Emulators, fqdn: string, alias?: string): Promise<void> => {
  const [list_name = '', mail_host = ''] = fqdn.split('@');
  await emulators.store.domains.put({ mail_host, ...(alias === undefined ? {} : { alias_domain: alias }) });
  await emulators.store.lists.create({
    list_id: `${list_name}.${mail_host}`,
    list_name,
    mail_host,
    created_at: '2026-01-01T00:00:00.000Z',
    settings: readListSettings({}),
  });
};
