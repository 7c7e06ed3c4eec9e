const cr = 0x0d;
const lf = 0x0a;
const dot = 0x2e;
const bareCr = Buffer.from('\r');

/** What came out of one chunk of DATA. */
export interface Decoded {
  readonly content: readonly Buffer[];
  /** What follows the end of the data; undefined while the end has not come. */
  readonly rest: Buffer | undefined;
}

/** Where in a line the decoder is. */
type Place = 'inside' | 'after-cr' | 'line-start' | 'after-dot' | 'after-dot-cr';

/**
 * Finds the end of DATA and undoes the dot stuffing (RFC 5321, section 4.5.2). A line starts only after CR LF and only
 * CR LF . CR LF ends the data: whoever takes a bare LF or CR for a line end here lets one mail smuggle in another.
 */
export class DataDecoder {
  // The data starts at the start of a line: a dot alone in the first line ends an empty mail.
  #place: Place = 'line-start';

  feed(chunk: Buffer): Decoded {
    const content: Buffer[] = [];
    let place = this.#place;
    // Where the bytes begin that are content and not yet taken.
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (place === 'inside') {
        if (byte === cr) place = 'after-cr';
        continue;
      }
      if (place === 'after-cr') {
        place = byte === lf ? 'line-start' : byte === cr ? 'after-cr' : 'inside';
        continue;
      }
      if (place === 'line-start' && byte === dot) {
        // The dot is never content: it is stuffing, or part of the end.
        if (at > from) content.push(chunk.subarray(from, at));
        from = at + 1;
        place = 'after-dot';
        continue;
      }
      if (place === 'after-dot' && byte === cr) {
        // Not content yet: it may be part of the end.
        from = at + 1;
        place = 'after-dot-cr';
        continue;
      }
      if (place === 'after-dot-cr') {
        if (byte === lf) {
          this.#place = 'line-start';
          return { content, rest: chunk.subarray(at + 1) };
        }
        content.push(bareCr);
        from = at;
        place = byte === cr ? 'after-cr' : 'inside';
        continue;
      }
      place = byte === cr ? 'after-cr' : 'inside';
    }
    if (from < chunk.length) content.push(from === 0 ? chunk : chunk.subarray(from));
    this.#place = place;
    return { content, rest: undefined };
  }
}
