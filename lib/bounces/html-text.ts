const blocks = /^(?:br|p|div|tr|li|h\d|table|blockquote|pre|hr|ul|ol|title|td|th)$/;
const hidden = /^(?:style|script)$/;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const characterOf = (entity: string): string | undefined => {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity) ?? [];
  const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
  if (Number.isNaN(code)) return named[entity.toLowerCase()];
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
};

const withoutEntities = (text: string): string =>
  text.replace(/&([a-z]{2,6}|#x?[0-9a-f]{1,7});/gi, (whole, entity: string) => characterOf(entity) ?? whole);

// A tag is named by letters alone, with those of a namespace before them in what Word writes (<o:p>): an address in angle brackets, which programs forget to
// escape, is none.
const tagName = /^\/?((?:[a-z][a-z0-9]{0,9}:)?[a-z][a-z0-9]*)(?=[\s/>]|$)/i;

/** What a person sees of HTML, line by line as far as its blocks tell; in one pass from left to right. */
export const htmlText = (html: string): string => {
  const out: string[] = [];
  let from = 0;
  let skipping = '';
  for (let open = html.indexOf('<'); open !== -1; open = html.indexOf('<', open + 1)) {
    const [, name] = tagName.exec(html.slice(open + 1, open + 24)) ?? [];
    const isComment = html.startsWith('<!', open);
    if (name === undefined && !isComment) continue;
    const close = html.indexOf(html.startsWith('<!--', open) ? '-->' : '>', open);
    if (close === -1) break;
    if (skipping === '') out.push(html.slice(from, open));
    const lower = (name ?? '').toLowerCase();
    if (hidden.test(lower)) skipping = html[open + 1] === '/' ? '' : lower;
    if (blocks.test(lower)) out.push('\n');
    from = html.indexOf('>', close) + 1;
    open = from - 1;
  }
  if (skipping === '') out.push(html.slice(from));
  return withoutEntities(out.join(''));
};
