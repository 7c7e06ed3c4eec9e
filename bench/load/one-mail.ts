import { once } from 'node:events';
import { connect } from 'node:net';

/** Hands one mail to an LMTP server; gives the moment of its 250 by the clock that all processes share. */
export const handIn = async (
  port: number,
  sender: string,
  recipient: string,
  mail: string,
): Promise<bigint> => {
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
  let at = 0n;
  for (const said of [
    '',
    'LHLO bench',
    `MAIL FROM:<${sender}>`,
    `RCPT TO:<${recipient}>`,
    'DATA',
    `${mail}.`,
  ]) {
    if (said !== '') socket.write(`${said}\r\n`);
    const answer = await reply();
    if (!/^[23]/.test(answer.line))
      throw new Error(`The gateway said ${answer.line} to ${said.slice(0, 40)}`);
    at = answer.at;
  }
  socket.end('QUIT\r\n');
  return at;
};
