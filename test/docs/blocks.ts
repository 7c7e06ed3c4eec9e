/** A fenced block of a document. */
export interface Block {
  /** What stands behind the fence: what kind of block it is. */
  readonly kind: string;
  /** The lines between the fences. */
  readonly lines: readonly string[];
  /** The number of its first line in the document. */
  readonly at: number;
}

const fence = /^```(\S*)\s*$/;

/** The fenced blocks of a Markdown text, in order. Throws when one is not closed, since what follows would not be run. */
export const blocksOf = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  let open: { readonly kind: string; readonly lines: string[]; readonly at: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, kind] = fence.exec(line) ?? [];
    if (open !== undefined && kind === '') {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (kind !== undefined) open = { kind, lines: [], at: index + 2 };
  }
  if (open !== undefined) throw new Error(`The block that begins at line ${open.at} is not closed`);
  return blocks;
};

/** The text without its fenced blocks. */
export const proseOf = (text: string): string => text.replace(/^```[\s\S]*?^```\s*$/gm, '');
