/**
 * A message that is to come back at a certain time, without having failed: somebody else holds its chunk. The function
 * hides the message until then and reports it as not done.
 */
export class LaterError extends Error {
  override readonly name = 'LaterError';
  readonly until: Date;

  constructor(says: string, until: Date) {
    super(says);
    this.until = until;
  }
}
