import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Extensions, extensionsOf } from './extensions.ts';
import { type Login, logIn } from './login.ts';
import { isDone, type Reply } from './reply.ts';
import { SmtpFault } from './smtp-fault.ts';
import { type Target, Wire } from './wire.ts';

/** A server, and how it is spoken to. */
export interface Server extends Target {
  /** No TLS; TLS after STARTTLS, which the server must offer (RFC 3207); or TLS from the first byte (RFC 8314). */
  readonly security: 'none' | 'starttls' | 'tls';
  /** Undefined: no login. */
  readonly login: Login | undefined;
  /** How long everything may take until the first mail could be sent. */
  readonly openMs: number;
  /** LMTP is greeted with LHLO (RFC 2033, section 4.1). */
  readonly greeting?: 'EHLO' | 'LHLO';
}

/** A server that waits for mail. */
export interface Session {
  readonly wire: Wire;
  readonly extensions: Extensions;
  readonly secure: boolean;
}

/** The name we greet with: that of the machine where it has a whole one, or else its address (RFC 5321, section 4.1.3). */
const ourName = (wire: Wire): string => {
  const name = hostname();
  if (/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(name) && isIP(name) === 0) return name;
  const address = wire.localAddress;
  return isIP(address) === 6 ? `[IPv6:${address}]` : `[${address}]`;
};

const demand = (reply: Reply): Reply => {
  if (!isDone(reply)) throw new SmtpFault('refused', reply);
  return reply;
};

/** Connects, greets, begins TLS, and logs in, all of it in time. Throws a {@link SmtpFault}. */
export const openSession = async (server: Server): Promise<Session> => {
  const { security, login, greeting = 'EHLO', openMs } = server;
  const until = performance.now() + openMs;
  const wire = await Wire.open(server, security === 'tls', until);
  const ask = async (command: string): Promise<Reply> => {
    wire.send(`${command}\r\n`, 1);
    return demand(await wire.reply(until));
  };
  const greet = async (): Promise<Extensions> => extensionsOf(await ask(`${greeting} ${ourName(wire)}`));
  try {
    demand(await wire.reply(until));
    let extensions = await greet();
    if (security === 'starttls') {
      if (!extensions.has('STARTTLS')) {
        throw new SmtpFault('tls', 'The server does not offer STARTTLS, and mail is not sent in the clear');
      }
      await ask('STARTTLS');
      await wire.secure(server, until);
      // What was offered in the clear does not count (RFC 3207, section 4.2).
      extensions = await greet();
    }
    if (login !== undefined) await logIn(wire, extensions, login, until);
    return { wire, extensions, secure: security !== 'none' };
  } catch (error) {
    void wire.close();
    throw error;
  }
};
