import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { runIn } from '../cli/belfry.ts';
import { LmtpClient } from '../gateway/lmtp-client.ts';
import { type House, openHouse } from '../harness/house.ts';
import type { Received, Script } from '../harness/relay.ts';
import { sesControl } from '../harness/ses-stub.ts';
import type { Block } from './blocks.ts';
import { fits, mustFit } from './fits.ts';
import { checkSum } from './sums.ts';
import { envelopeLines, transactionLines } from './transactions.ts';

/** Somebody who reads documents and does what they say, on one local stack. */
export interface Reader {
  /** Does what a block says; throws where something else happens. Blocks of unknown kinds are only read. */
  readonly follow: (block: Block) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The words of a command line; what stands in single quotes is one word. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, within]) => within ?? word);

/** Runs a command of Belfry in a directory; gives all that it printed, a line each. */
const runBelfry = async (command: string, directory: string): Promise<readonly string[]> => {
  const [npx, belfry, ...words] = wordsOf(command);
  if (npx !== 'npx' || belfry !== 'belfry') throw new Error(`only npx belfry is run here, not: ${command}`);
  const at = words.indexOf('<');
  const input = at === -1 ? '' : readFileSync(join(directory, words[at + 1] ?? ''));
  const { stdout, stderr } = await runIn(directory, at === -1 ? words : words.slice(0, at), input);
  return `${stdout}${stderr}`.split('\n').slice(0, -1);
};

const siteSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const inBrackets = (line: string): string => /<(.*)>/.exec(line)?.[1] ?? '';

/** What a relay says to a command, by the command; to all others it says yes. */
const scriptOf = (lines: readonly string[]): Script => {
  const says = new Map<string, string>();
  for (let index = 0; index < lines.length; index += 2) says.set(lines[index] ?? '', lines[index + 1] ?? '');
  const data = says.get('DATA');
  const dot = says.get('.');
  return {
    rcpt: (asked) => says.get(`RCPT TO:<${asked}>`) ?? '250 2.1.5 Ok',
    ...(data === undefined ? {} : { data: () => data }),
    ...(dot === undefined ? {} : { dot: () => dot }),
  };
};

/** Nobody who reads on waits as long as this many seconds for what comes back by itself. */
const tooLong = 60;

/** All is quiet when nothing is under way, or when all that is left waits for its time: because delivery is parked, or for long. */
const untilQuiet = async ({ stack, directory }: House): Promise<void> => {
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      return await stack.idle(1000);
    } catch (error) {
      if (performance.now() > end) throw error;
      const waitsLong = stack.site.delivery.retry_delay > tooLong;
      if (!waitsLong && (await stack.store.parking.read()) === undefined) continue;
      const { stdout } = await runIn(directory, ['queue', 'ls', '--json']);
      if (
        queuesSchema.parse(JSON.parse(stdout)).queues.every((queue) => queue.waiting + queue.under_way === 0)
      )
        return;
    }
  }
};

const queuesSchema = z.object({
  queues: z.array(z.object({ waiting: z.number(), under_way: z.number() })),
});

/** Starts a stack and a relay for a reader. */
export const openReader = async (): Promise<Reader> => {
  let house = await openHouse();
  let seen = new Set<Received>();
  let posted = 0;
  /** What the mail that was read last wants to be confirmed by: it stands for `*` in the recipient of a `post`. */
  let token = '';
  let heardUntil = 0;

  const unseen = (): readonly Received[] => house.relay.received.filter((received) => !seen.has(received));

  /** What arrived and no document tells of would be a copy too many. */
  const leave = async (): Promise<void> => {
    const untold = unseen();
    await house.close();
    if (untold.length > 0) {
      throw new Error(
        `No document tells of ${untold.map(({ recipients }) => recipients.join(' ')).join('; ')}`,
      );
    }
  };

  /** Another stack, with these site settings. */
  const move = async ({ lines }: Block): Promise<void> => {
    await untilQuiet(house);
    await leave();
    house = await openHouse(siteSchema.parse(JSON.parse(lines.join('\n'))));
    seen = new Set();
    heardUntil = 0;
  };

  /** A session: `->` is sent, `<-` must come. */
  const lmtp = async ({ lines, at }: Block): Promise<void> => {
    const client = await LmtpClient.open(house.stack.lmtpPort);
    try {
      for (const [index, line] of lines.entries()) {
        if (line.startsWith('->')) await client.send(`${line.slice(3)}\r\n`);
        else if (line.startsWith('<- ')) mustFit([line.slice(3)], [(await client.line()) ?? ''], at + index);
        else throw new Error(`line ${at + index} is neither -> nor <-`);
      }
    } finally {
      client.close();
    }
  };

  /** The draft by LMTP, from and to whom the block says, once or so many times as the third line says. */
  const post = async ({ lines: [sender = '', recipient = '', times = '1 posts'] }: Block): Promise<void> => {
    for (let left = Number.parseInt(times, 10); left > 0; left -= 1) await postOnce(sender, recipient);
  };

  /** Without a Message-ID the draft gets one of its own, since mail that comes again is not taken. */
  const postOnce = async (sender: string, written: string): Promise<void> => {
    const recipient = written.replace('*', token);
    await untilQuiet(house);
    posted += 1;
    const draft = readFileSync(join(house.directory, 'mail.eml'), 'utf8');
    const id = /^Message-ID:/im.test(draft) ? '' : `Message-ID: <${posted}.docs@example.org>\n`;
    const client = await LmtpClient.open(house.stack.lmtpPort);
    try {
      await client.reply();
      await client.say('LHLO mail.example.org');
      const content = `${id}${draft}`.replaceAll('\n', '\r\n');
      const replies = await client.mail(inBrackets(sender), [inBrackets(recipient)], content);
      mustFit(['250 2.0.0 Ok: accepted as *'], replies, 0);
    } finally {
      client.close();
    }
  };

  /** `$ npx belfry ...`, and what it prints when everything before it is done. */
  const commands = async ({ lines, at }: Block): Promise<void> => {
    for (let index = 0; index < lines.length; ) {
      const line = lines[index] ?? '';
      if (!line.startsWith('$ ')) throw new Error(`line ${at + index} is no command`);
      const after = lines.findIndex((other, place) => place > index && other.startsWith('$ '));
      const end = after === -1 ? lines.length : after;
      await untilQuiet(house);
      mustFit(lines.slice(index + 1, end), await runBelfry(line.slice(2), house.directory), at + index + 1);
      index = end;
    }
  };

  /** A transaction that arrived at the relay: its envelope, and the mail to the last byte. */
  const arrived = async ({ lines, at }: Block): Promise<void> => {
    await untilQuiet(house);
    const [sender = '', first = ''] = lines;
    const found = unseen().find((received) => {
      const [from, to] = transactionLines(received);
      return fits(sender, from) && fits(first, to);
    });
    if (found === undefined) {
      throw new Error(`line ${at}: no such transaction, but:\n${envelopeLines(unseen(), true).join('\n')}`);
    }
    seen.add(found);
    mustFit(lines, transactionLines(found), at);
    token = /^Subject: confirm (\S+)\r$/m.exec(found.message.toString('latin1'))?.[1] ?? token;
  };

  /** All transactions that arrived and were not told of yet, by their envelopes. */
  const envelopes = async ({ lines, at }: Block): Promise<void> => {
    await untilQuiet(house);
    const came = unseen();
    for (const received of came) seen.add(received);
    mustFit(lines, envelopeLines(came, /^\d+ /.test(lines[0] ?? '')), at);
  };

  /** The lines that the relay heard since it was asked last. */
  const heard = async ({ lines, at }: Block): Promise<void> => {
    await untilQuiet(house);
    const { commands } = house.relay;
    mustFit(lines, commands.slice(heardUntil), at);
    heardUntil = commands.length;
  };

  /** What DNS says from now on: a name, and its text. Other names do not exist. */
  const dnsAnswers = ({ lines }: Block): void =>
    house.stack.dns.says(
      Object.fromEntries(
        lines.map((line) => {
          const [, name = '', text = ''] = /^(\S+) +TXT +"(.*)"$/.exec(line) ?? [];
          return [name, [text]];
        }),
      ),
    );

  /** What the stub of Amazon SES is told: `account` or `fates`, and what of it. */
  const accountStands = async ({ lines }: Block): Promise<void> => {
    const { tell } = sesControl(house.stack.ses?.control ?? '');
    for (const line of lines) {
      const at = line.indexOf(' ');
      await tell(line.slice(0, at), JSON.parse(line.slice(at)));
    }
  };

  const fences: Readonly<Record<string, (block: Block) => Promise<void> | void>> = {
    site: move,
    lmtp,
    post,
    console: commands,
    eml: arrived,
    envelopes,
    heard,
    relay: ({ lines }) => house.relaySays(scriptOf(lines)),
    draft: ({ lines }) => writeFileSync(join(house.directory, 'mail.eml'), `${lines.join('\n')}\n`),
    dns: dnsAnswers,
    ses: accountStands,
    sum: ({ lines }) => {
      for (const line of lines) checkSum(line);
    },
  };

  return { follow: async (block) => fences[block.kind]?.(block), close: leave };
};
