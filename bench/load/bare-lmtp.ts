import { SMTPServer } from 'smtp-server';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

// The yardstick of the bench `lmtp`: smtp-server alone, which reads each mail, keeps nothing and answers 250 at once. No gateway that is
// built on it can be faster.
const server = new SMTPServer({
  lmtp: true,
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, session, done) => {
    stream.resume();
    stream.on('end', () => {
      const replies = session.envelope.rcptTo.map(() => 'OK');
      // smtp-server takes one reply for each recipient in LMTP, which its types do not tell.
      Reflect.apply(done, undefined, [null, replies]);
    });
  },
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: await listenOnLoopback(server.server) });
