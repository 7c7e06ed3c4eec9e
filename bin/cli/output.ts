/** Where a verb tells what came of it: as text for people, or as JSON for machines. */
export interface Output {
  /** Tells one result. */
  readonly result: (value: unknown, text: string) => void;
  /** Tells results one by one as they are found; with JSON, as one array. */
  readonly items: <T>(items: AsyncIterable<T>, text: (item: T) => string, none: string) => Promise<void>;
  /** Tells of something that could not be done, while the rest was; the exit status becomes 1. */
  readonly problem: (sentence: string) => void;
  /** Tells how far a long run got, on standard error. */
  readonly progress: (sentence: string) => void;
  /** Writes bytes as they are. */
  readonly bytes: (bytes: Buffer) => void;
}

/**
 * Text without control characters but line ends and tabs. Much of what is shown was written by strangers, and a terminal
 * obeys escape sequences.
 */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not reach a terminal.
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** Columns aligned by the widest entry of each. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** An output to the standard streams of this process. */
export const standardOutput = (json: boolean): Output => ({
  result: (value, text) => {
    if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else if (text !== '') process.stdout.write(`${plain(text)}\n`);
  },
  items: async (items, text, none) => {
    let count = 0;
    for await (const item of items) {
      if (json) process.stdout.write(`${count === 0 ? '[' : ','}\n${JSON.stringify(item)}`);
      else process.stdout.write(`${plain(text(item))}\n`);
      count += 1;
    }
    if (json) process.stdout.write(count === 0 ? '[]\n' : '\n]\n');
    // Who counts lines must not count this one.
    else if (count === 0) process.stderr.write(`${plain(none)}\n`);
  },
  problem: (sentence) => {
    process.stderr.write(`belfry: ${plain(sentence)}\n`);
    process.exitCode = 1;
  },
  progress: (sentence) => {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${plain(sentence)}` : `${plain(sentence)}\n`);
  },
  bytes: (bytes) => {
    process.stdout.write(bytes);
  },
});
