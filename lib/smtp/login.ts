import type { Extensions } from './extensions.ts';
import type { Reply } from './reply.ts';
import { isDone } from './reply.ts';
import { SmtpFault } from './smtp-fault.ts';
import type { Until, Wire } from './wire.ts';

/** The user and password of a server. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The longest command line (RFC 5321, section 4.5.3.1.4); a longer initial response goes into a line of its own (RFC 4954, section 4). */
const longestCommand = 512;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Logs in with AUTH PLAIN (RFC 4616), or LOGIN where a server knows nothing else. Throws a {@link SmtpFault} of the kind `login`. */
export const logIn = async (
  wire: Wire,
  extensions: Extensions,
  { user, password }: Login,
  until: Until,
): Promise<void> => {
  const say = async (line: string, expected: (reply: Reply) => boolean): Promise<void> => {
    wire.send(`${line}\r\n`, 1);
    const reply = await wire.reply(until);
    if (!expected(reply)) throw new SmtpFault('login', reply);
  };
  const isAsked = ({ code }: Reply): boolean => code === 334;
  const mechanisms = (extensions.get('AUTH') ?? '').toUpperCase().split(/\s+/);
  if (mechanisms.includes('PLAIN')) {
    const secret = base64(`\0${user}\0${password}`);
    const whole = `AUTH PLAIN ${secret}`;
    if (whole.length + 2 <= longestCommand) return say(whole, isDone);
    await say('AUTH PLAIN', isAsked);
    return say(secret, isDone);
  }
  if (mechanisms.includes('LOGIN')) {
    await say('AUTH LOGIN', isAsked);
    await say(base64(user), isAsked);
    return say(base64(password), isDone);
  }
  throw new SmtpFault(
    'login',
    'The server offers no login that Belfry knows: neither AUTH PLAIN nor AUTH LOGIN',
  );
};
