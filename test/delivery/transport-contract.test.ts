import { readSite } from '../../lib/config/site.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { type Conduct, MemoryTransport, type Refusal } from '../harness/memory-transport.ts';
import { type Script, startRelay } from '../harness/relay.ts';
import { type StartedTransport, transportContract } from './transport-contract.ts';

const everyStep = ['us', 'mail', 'recipients', 'data', 'dot'] as const;

const no = (refusal: Refusal): string => (refusal === 'temporary' ? '451 4.3.0 Later' : '550 5.7.1 Never');

/** The same conduct as a relay has it. */
const scriptOf = ({ us, mail, recipients = [], data, dot }: Conduct): Script => {
  let asked = 0;
  return {
    greeting: () => (us === undefined ? '220 relay.test ESMTP' : no(us)),
    mail: () => (mail === undefined ? '250 2.1.0 Ok' : no(mail)),
    rcpt: () => {
      const refusal = recipients[asked];
      asked += 1;
      return refusal === undefined || refusal === 'accepted' ? '250 2.1.5 Ok' : no(refusal);
    },
    ...(data === undefined ? {} : { data: () => (data === 'dropped' ? 'drop' : no(data)) }),
    ...(dot === undefined
      ? {}
      : {
          dot: () => {
            if (dot === 'dropped') return 'accept and drop';
            return dot === 'recipient' ? '550 5.1.1 Unknown' : no(dot);
          },
        }),
  };
};

const overSmtp =
  (offers: readonly string[]) =>
  async (conduct: Conduct): Promise<StartedTransport> => {
    const relay = await startRelay({ ...scriptOf(conduct), ehlo: () => ['relay.test', ...offers] });
    const site = readSite({
      mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp' },
      delivery: { reply_timeout: 5, dot_timeout: 5 },
    });
    const transport = new SmtpTransport(
      async () => ({ mta: site.mta, delivery: site.delivery, credentials: undefined }),
      site,
    );
    return {
      deliver: (transaction) => transport.deliver(transaction),
      received: () => relay.received,
      close: async () => {
        await transport.close();
        await relay.close();
      },
    };
  };

const supports = { recipients: 100, steps: everyStep, ownSender: true, ownBytes: true };

transportContract({ name: 'smtp', start: overSmtp(['PIPELINING', '8BITMIME', 'SIZE']), supports });

transportContract({ name: 'smtp without PIPELINING', start: overSmtp(['8BITMIME']), supports });

transportContract({
  name: 'memory',
  start: async (conduct) => {
    const transport = new MemoryTransport(conduct);
    return {
      deliver: (transaction) => transport.deliver(transaction),
      received: () => transport.carried,
      close: () => transport.close(),
    };
  },
  supports,
});
