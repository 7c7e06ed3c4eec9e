/** What a {@link MailError} is made of. */
export interface MailErrorParts {
  /** The SMTP reply code, such as 451 (RFC 5321, section 4.2). */
  readonly code: number;
  /** The enhanced status code, such as 4.3.0 (RFC 3463). */
  readonly enhanced: string;
  /** A sentence that any client or user may see; it tells no internals. */
  readonly says: string;
  /** Where it happened, such as `gateway/store`; for the log. */
  readonly where: string;
  /** What happened in detail; for the log alone. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * An error with a meaning in SMTP. Whether it is temporary follows from its code, and that alone decides between
 * another try and an end.
 */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: number;
  readonly enhanced: string;
  readonly where: string;
  readonly detail: string | undefined;

  constructor({ code, enhanced, says, where, detail, cause }: MailErrorParts) {
    super(says, cause === undefined ? undefined : { cause });
    this.code = code;
    this.enhanced = enhanced;
    this.where = where;
    this.detail = detail;
  }

  /** True when trying again later may help. */
  get temporary(): boolean {
    return this.code < 500;
  }

  /** The reply line without its code, as SMTP sends it. */
  get reply(): string {
    return `${this.enhanced} ${this.message}`;
  }
}
