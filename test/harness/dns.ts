import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What the server does with a question about a name: texts, an error code (RFC 1035, section 4.1.1), or silence. */
export type DnsAnswer = readonly string[] | 'servfail' | 'silence';

/** A small DNS server that knows TXT records and nothing else. */
export interface DnsServer {
  /** Where it listens, as Node's resolver takes it. */
  readonly address: string;
  /** The names that it was asked since it was told what to say, in order. */
  readonly asked: readonly string[];
  /** What it says from now on; other names do not exist. */
  readonly says: (answers: Readonly<Record<string, DnsAnswer>>) => void;
  readonly close: () => Promise<void>;
}

const headerSize = 12;
const txt = 16;

/** The name in a question, and where the question ends. */
const readQuestion = (query: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = [];
  let at = headerSize;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  // The name's end, the type and the class.
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
};

const record = (text: string): Buffer => {
  const strings = (text.match(/.{1,255}/gs) ?? ['']).map((part) =>
    Buffer.concat([Buffer.from([Buffer.byteLength(part, 'latin1')]), Buffer.from(part, 'latin1')]),
  );
  const data = Buffer.concat(strings);
  const head = Buffer.alloc(12);
  // The name is the one of the question (RFC 1035, section 4.1.4), type, class, time to live, length.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(txt, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
};

const reply = (query: Buffer, end: number, code: number, texts: readonly string[]): Buffer => {
  const header = Buffer.from(query.subarray(0, headerSize));
  // An answer, recursion available, and the code.
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(texts.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(headerSize, end), ...texts.map(record)]);
};

/** Starts a DNS server on a free port of the loopback; it says of every name that it does not exist. */
export const startDns = async (): Promise<DnsServer> => {
  const socket = createSocket('udp4');
  let answers: Readonly<Record<string, DnsAnswer>> = {};
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readQuestion(query);
    asked.push(name);
    const answer = answers[name];
    if (answer === 'silence') return;
    const [code, texts] = answer === undefined ? [3, []] : answer === 'servfail' ? [2, []] : [0, answer];
    socket.send(reply(query, end, code, texts), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    says: (said) => {
      answers = said;
      asked.length = 0;
    },
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
