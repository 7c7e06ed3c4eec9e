/**
 * Counts what is done with a mail, so that a test can hold that the work grows with the size of the mail and no faster. A step is a look at one
 * line, of a length that has a limit.
 */
export class Steps {
  #count = 0;

  /** So many lines were looked at. */
  add(lines: number): void {
    this.#count += lines;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }
}
