const cr = 0x0d;
const lf = 0x0a;
const empty = Buffer.alloc(0);

/**
 * Makes every line end CRLF: a bare CR and a bare LF become CRLF, once, before anything is stored (design, rule 1). What a
 * relay sends on then holds no line end that another server might read differently, so that no mail can be smuggled in
 * inside another one. Chunks may be cut anywhere, also between CR and LF.
 */
export class LineEnds {
  /** Whether the last byte so far was a CR, whose line end is not written yet. */
  #heldCr = false;

  /** The bytes of this chunk with CRLF line ends; the chunk itself when nothing in it needs a change. */
  feed(chunk: Buffer): Buffer {
    const more = extraBytes(chunk, this.#heldCr);
    const held = this.#heldCr;
    const last = chunk.at(-1);
    if (last === undefined) return empty;
    this.#heldCr = last === cr;
    if (more === 0 && !held && !this.#heldCr) return chunk;

    // The held CR, every byte of the chunk, and what bare line ends lack.
    const out = Buffer.allocUnsafe(chunk.length + more + 1);
    let to = 0;
    if (held) {
      out[to++] = cr;
      if (chunk[0] !== lf) out[to++] = lf;
    }
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === lf && (at === 0 ? !held : chunk[at - 1] !== cr)) out[to++] = cr;
      if (byte === cr && at === chunk.length - 1) break;
      out[to++] = byte;
      if (byte === cr && chunk[at + 1] !== lf) out[to++] = lf;
    }
    return out.subarray(0, to);
  }

  /** What is still to be written at the end: the line end of a last CR. */
  end(): Buffer {
    const held = this.#heldCr;
    this.#heldCr = false;
    return held ? Buffer.from('\r\n') : empty;
  }
}

/** How many bytes the bare line ends of a chunk lack; one that may yet be completed by the next chunk is not counted. */
const extraBytes = (chunk: Buffer, heldCr: boolean): number => {
  let more = heldCr && chunk.length > 0 && chunk[0] !== lf ? 1 : 0;
  let previous = heldCr ? cr : 0;
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0;
    if (byte === lf && previous !== cr) more += 1;
    if (byte !== lf && previous === cr && at > 0) more += 1;
    previous = byte;
  }
  return more;
};

/** A whole mail with CRLF line ends. */
export const withCrlf = (bytes: Buffer): Buffer => {
  const lineEnds = new LineEnds();
  const most = lineEnds.feed(bytes);
  const last = lineEnds.end();
  return last.length === 0 ? most : Buffer.concat([most, last]);
};
