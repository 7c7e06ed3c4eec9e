/** A post as a mail client sends it: the bytes between DATA and the final dot, before dots are stuffed. */
export interface ShapedPost {
  /** The value of its X-Post header, by which its copies are told apart. */
  readonly id: string;
  readonly content: Buffer;
  /** The body that each member is to get; undefined when the mail server in front is free to mend what was sent. */
  readonly body: Buffer | undefined;
}

/** What makes a shape: header lines beside the usual ones, and the body as text of Latin-1, one character a byte. */
interface Shape {
  readonly headers?: readonly string[];
  /** Headers that this shape is without. */
  readonly without?: readonly string[];
  readonly body: (n: number) => string;
  /** The body behind the mail server, when it mends what was sent; null: not foretold. */
  readonly arrives?: ((body: string) => string) | null;
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

const multipart = (boundary: string, ...parts: readonly string[]): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}`).join('')}--${boundary}--\r\n`;

/** A megabyte of base64 that is different for each post. */
const attachment = (n: number): string => {
  const bytes = Buffer.alloc(768 * 1024, `${n} of a megabyte, `);
  return bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
};

const shapes: Readonly<Record<string, Shape>> = {
  plain: { body: (n) => lines('Hello,', '', `this is post ${n}.`, '', '-- ', 'Anne') },
  alternative: {
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary="b 1"'],
    body: (n) =>
      multipart(
        'b 1',
        lines('Content-Type: text/plain', '', `Post ${n}`),
        lines('Content-Type: text/html', '', `<p>Post <b>${n}</b></p>`),
      ),
  },
  megabyte: {
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=part'],
    body: (n) =>
      multipart(
        'part',
        lines('', `See attachment ${n}.`),
        lines(
          'Content-Type: application/octet-stream; name=a.bin',
          'Content-Transfer-Encoding: base64',
          '',
          attachment(n),
        ),
      ),
  },
  nested: {
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=outer'],
    body: (n) =>
      multipart(
        'outer',
        lines('Content-Type: message/rfc822', '', 'From: x@example.net', 'Subject: inner', '', `Inner ${n}`),
        lines('Content-Type: multipart/digest; boundary=inner', '') +
          multipart('inner', lines('', 'Subject: one', '', '1'), lines('', 'Subject: two', '', '2')),
      ),
  },
  'utf-8 body': {
    headers: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'],
    body: (n) => utf8(lines(`Grüße Nr. ${n} — 日本語のテキスト`)),
  },
  'latin-1 body': {
    headers: ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit'],
    body: (n) => lines(`Gr\xfc\xdfe Nr. ${n}`),
  },
  '8-bit without MIME': { body: (n) => lines(`caf\xe9 ${n} \x80\xff`) },
  'quoted-printable': {
    headers: ['MIME-Version: 1.0', 'Content-Transfer-Encoding: quoted-printable'],
    body: (n) => lines(`Gr=C3=BC=C3=9Fe ${n}=`, 'joined =3D=20'),
  },
  'long lines': { body: (n) => lines(`${n}`, 'x'.repeat(5000), 'y'.repeat(998), 'z '.repeat(1500)) },
  dots: { body: (n) => lines('.', '..', '.hidden', '...', `.${n}`, 'a.', '.') },
  'empty body': { body: () => '' },
  'blank lines': { body: () => lines('', '', '', '') },
  'blanks at line ends': { body: (n) => lines(`${n}   `, ' \t', '\t', '   indented') },
  'no Subject': { without: ['Subject'], body: (n) => lines(`No subject ${n}`) },
  'no Message-ID': { without: ['Message-ID'], body: (n) => lines(`No id ${n}`) },
  'utf-8 headers': {
    headers: [utf8('X-Greeting: Grüße'), utf8('Cc: "Jürgen" <juergen@example.net>')],
    body: (n) => lines(`Headers in UTF-8 ${n}`),
  },
  'folded headers': {
    headers: [
      'X-Long: a',
      '\tb',
      '  c',
      `References: ${Array.from({ length: 60 }, (_, i) => `\r\n <${i}.reference@example.net>`).join('')}`,
    ],
    body: (n) => lines(`Folded ${n}`),
  },
  'body like a header': { body: (n) => lines(`Subject: not ${n}`, 'To: nobody@example.net', '', 'From me') },
  'bare LF': { body: (n) => `one ${n}\ntwo\r\nthree\r\n`, arrives: (body) => body.replace(/\r?\n/g, '\r\n') },
  'bare CR': { body: (n) => `one ${n}\rtwo\r\n\r\rthree\r\n`, arrives: null },
};

/** The names of the shapes. */
export const shapeNames = Object.keys(shapes);

/** Makes so many posts, of all shapes in turn, no two alike. */
export const shapedPosts = (count: number, author: string, list: string): readonly ShapedPost[] =>
  Array.from({ length: count }, (_, n) => {
    const name = shapeNames[n % shapeNames.length] ?? '';
    const shape = shapes[name];
    if (shape === undefined) throw new Error(`There is no shape ${name}`);
    const id = `${n} ${name}`;
    const header = [
      `From: Anne <${author}>`,
      `To: ${list}`,
      `Subject: Post ${n}, ${name}`,
      `Message-ID: <${n}.${name.replaceAll(' ', '-')}@example.org>`,
      'Date: Mon, 02 Mar 2026 10:00:00 +0000',
      `X-Post: ${id}`,
    ].filter((line) => !shape.without?.some((field) => line.startsWith(`${field}:`)));
    const body = shape.body(n);
    return {
      id,
      content: Buffer.from(`${lines(...header, ...(shape.headers ?? []), '')}${body}`, 'latin1'),
      body: shape.arrives === null ? undefined : Buffer.from(shape.arrives?.(body) ?? body, 'latin1'),
    };
  });
