import { openSession, type Server } from '../../lib/smtp/session.ts';
import { SmtpFault } from '../../lib/smtp/smtp-fault.ts';

/** What a server said to our greeting. */
export interface Greeting {
  /** The extensions that it offers, such as `8BITMIME` or `SIZE 33554432`. */
  readonly extensions: readonly string[];
  /** Whether the connection is encrypted now. */
  readonly secure: boolean;
}

/** Where a conversation stood when it failed, for a hint that fits. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
  readonly stage: 'connecting' | 'login';

  constructor(stage: 'connecting' | 'login', cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
  }
}

/** Connects, greets, logs in when there is a login, says good-bye, and tells what the server offers. */
export const converse = async (server: Server): Promise<Greeting> => {
  try {
    const { wire, extensions, secure } = await openSession(server);
    await wire.close();
    return { extensions: [...extensions].map(([keyword, rest]) => `${keyword} ${rest}`.trim()), secure };
  } catch (error) {
    const isLogin = error instanceof SmtpFault && error.kind === 'login';
    throw new ConversationError(isLogin ? 'login' : 'connecting', error);
  }
};
