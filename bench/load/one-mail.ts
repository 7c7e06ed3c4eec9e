import { once } from 'node:events';
import { connect } from 'node:net';

/** A session with an LMTP server that is kept for one mail after the other, as a mail server keeps it. */
export interface Session {
  /** Hands one mail to the server; gives the moment of its 250 by the clock that all processes share. */
  readonly handIn: (sender: string, recipient: string, mail: string) => Promise<bigint>;
  readonly quit: () => void;
}

/** Opens a session. @throws Error when the server refuses anything. */
export const openSession = async (port: number): Promise<Session> => {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let held = '';
  const reply = async (): Promise<{ line: string; at: bigint }> => {
    for (;;) {
      const lines = held.split('\r\n');
      const last = lines.findIndex((line) => /^\d{3} /.test(line));
      if (last !== -1 && last < lines.length - 1) {
        held = lines.slice(last + 1).join('\r\n');
        return { line: lines[last] ?? '', at: process.hrtime.bigint() };
      }
      const [chunk] = await once(socket, 'data');
      held += String(chunk);
    }
  };
  const say = async (...commands: readonly string[]): Promise<bigint> => {
    let at = 0n;
    for (const said of commands) {
      if (said !== '') socket.write(`${said}\r\n`);
      const answer = await reply();
      if (!/^[23]/.test(answer.line))
        throw new Error(`The gateway said ${answer.line} to ${said.slice(0, 40)}`);
      at = answer.at;
    }
    return at;
  };
  await say('', 'LHLO bench');
  return {
    handIn: (sender, recipient, mail) =>
      say(`MAIL FROM:<${sender}>`, `RCPT TO:<${recipient}>`, 'DATA', `${mail}.`),
    quit: () => void socket.end('QUIT\r\n'),
  };
};

/** Hands one mail in on a session of its own; gives the moment of its 250. */
export const handIn = async (
  port: number,
  sender: string,
  recipient: string,
  mail: string,
): Promise<bigint> => {
  const session = await openSession(port);
  try {
    return await session.handIn(sender, recipient, mail);
  } finally {
    session.quit();
  }
};
