/** A table that a person can read: columns as wide as what is in them, numbers to the right. */
export const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const lines = [heads, ...rows.map((row) => row.map(String))];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const isText = heads.map((_, column) => rows.every((row) => typeof row[column] === 'string'));
  const shown = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isText[column] === true && column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('   ')
      .trimEnd();
  return [shown(heads), shown(widths.map((width) => '-'.repeat(width))), ...lines.slice(1).map(shown)].join(
    '\n',
  );
};

/** A number with so many digits after the point. */
export const digits = (value: number, count: number): string => value.toFixed(count);

/** Bytes as megabytes of a million bytes. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
