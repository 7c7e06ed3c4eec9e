/** How much mail all sessions together may hold in memory. */
export class MemoryBudget {
  #free: number;

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Takes bytes from the budget; says whether there were so many. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  /** Gives bytes back. */
  give(bytes: number): void {
    this.#free += bytes;
  }
}
