import type { Relay } from '../../lib/delivery/smtp-connection.ts';
import type { Transport } from '../../lib/delivery/transport.ts';
import type { Ports } from '../ports.ts';

const overRelay = async ({ site }: Ports): Promise<Transport> => {
  const [{ SmtpTransport }, { credentialsFrom }] = await Promise.all([
    import('../../lib/delivery/smtp-transport.ts'),
    import('./credentials.ts'),
  ]);
  const credentials = credentialsFrom(site.mta.smtp_credentials);
  const relay = async (): Promise<Relay> => ({
    mta: site.mta,
    delivery: site.delivery,
    credentials: await credentials(),
  });
  return new SmtpTransport(relay, site);
};

const overSes = async (ports: Ports): Promise<Transport> => {
  const { openSesTransport } = await import('../../lib/ses/open-transport.ts');
  return openSesTransport(ports, process.env);
};

/** Opens the way on which this site delivers. Only that one is loaded: the other one's client would be time at every cold start. */
export const openTransport = (ports: Ports): Promise<Transport> =>
  ports.site.delivery.transport === 'ses' ? overSes(ports) : overRelay(ports);
