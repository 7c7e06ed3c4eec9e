import type { Reply } from './reply.ts';

/**
 * The most bytes of one reply. RFC 5321, section 4.5.3.1.5, grants 512 to a line, and the longest reply that anybody gives is the
 * one to EHLO, with some 20 lines. Without a bound, a server that sends endless lines would fill our memory.
 */
const longest = 16_384;

const replyLine = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s;

const plain = /^[ -~]*$/;

// What a server says reaches logs and terminals, over which it shall have no power.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are taken out.
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;

const readable = (latin1: string): string =>
  plain.test(latin1)
    ? latin1.trim()
    : Buffer.from(latin1, 'latin1').toString('utf8').replace(controls, ' ').trim();

/** Makes replies of the bytes of a server, in whatever pieces they come. It never throws: what is wrong is told by {@link wrong}. */
export class ReplyReader {
  #rest = '';
  /** The number and lines of the reply that is under way. */
  #code = 0;
  #lines: string[] = [];
  #size = 0;
  /** Why these bytes cannot be the replies of an SMTP server; nothing is read after that. */
  wrong: string | undefined;

  /** Takes bytes, and gives the replies that are whole with them. */
  read(bytes: Buffer): readonly Reply[] {
    const replies: Reply[] = [];
    if (this.wrong !== undefined) return replies;
    const text = this.#rest + bytes.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const reply = this.#line(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end));
      start = end + 1;
      if (this.wrong !== undefined) return replies;
      if (reply !== undefined) replies.push(reply);
    }
    this.#rest = text.slice(start);
    if (this.#size + this.#rest.length > longest) this.wrong = 'The server sends a reply without end';
    return replies;
  }

  #line(line: string): Reply | undefined {
    const [, number, mark, text = ''] = replyLine.exec(line) ?? [];
    const code = Number(number);
    if (number === undefined || (this.#lines.length > 0 && code !== this.#code)) {
      this.wrong = `The server does not speak SMTP: "${readable(line.slice(0, 100))}"`;
      return undefined;
    }
    this.#code = code;
    this.#lines.push(readable(text));
    this.#size += line.length;
    if (this.#size > longest) this.wrong = 'The server sends a reply without end';
    if (mark === '-') return undefined;
    const lines = this.#lines;
    this.#lines = [];
    this.#size = 0;
    return { code, lines };
  }
}
