import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** How a server is spoken to. */
export type ConversationOptions = NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>;

/** What a server said to our greeting. */
export interface Greeting {
  /** The extensions that it offers, such as `8BITMIME` or `SIZE 33554432`. */
  readonly extensions: readonly string[];
  /** Whether the connection is encrypted now. */
  readonly secure: boolean;
  readonly offersLogin: boolean;
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
export const converse = async (
  options: ConversationOptions,
  login?: { readonly user: string; readonly password: string },
): Promise<Greeting> => {
  const connection = new SMTPConnection(options);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', (error) => reject(new ConversationError('connecting', error)));
      connection.connect((error) => (error ? reject(new ConversationError('connecting', error)) : resolve()));
    });
    const [, ...extensions] = String(connection.lastServerResponse)
      .split(/\r?\n/)
      .map((line) => line.replace(/^\d{3}[ -]/, '').trim());
    const greeting = { extensions, secure: connection.secure, offersLogin: connection.allowsAuth };
    if (login !== undefined) {
      await new Promise<void>((resolve, reject) => {
        connection.login(
          { user: login.user, credentials: { user: login.user, pass: login.password } },
          (error) => (error ? reject(new ConversationError('login', error)) : resolve()),
        );
      });
    }
    return greeting;
  } finally {
    connection.quit();
    connection.close();
  }
};
