import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteDifferences } from '../../infra/aws/site-environment.ts';
import { region } from '../../infra/local/names.ts';
import { runIn } from '../cli/belfry.ts';
import { LmtpClient } from '../gateway/lmtp-client.ts';
import { type Received, startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import type { Block } from './blocks.ts';
import { fits, mustFit } from './fits.ts';
import { checkSum } from './sums.ts';

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

/** What a stack tells the command line, in a directory of its own. */
const describeStack = (stack: Stack, relay: TestRelay): string => {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-docs-'));
  mkdirSync(join(directory, '.belfry'));
  const content = {
    pid: process.pid,
    region,
    endpoints: stack.endpoints,
    lmtp: `127.0.0.1:${stack.lmtpPort}`,
    relay: `smtp://127.0.0.1:${relay.port}`,
    catcher: null,
    ...stack.made,
    site: siteDifferences(stack.site),
  };
  writeFileSync(join(directory, '.belfry/local.json'), JSON.stringify(content));
  return directory;
};

const transactionLines = ({ sender, recipients, message }: Received): readonly string[] => [
  `MAIL FROM:<${sender}>`,
  ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
  '',
  ...message.toString('latin1').split('\r\n').slice(0, -1),
];

/** Starts a stack and a relay for a reader. */
export const openReader = async (): Promise<Reader> => {
  const relay = await startRelay();
  const stack = await startStack({ relay: { host: '127.0.0.1', port: relay.port } });
  const directory = describeStack(stack, relay);
  const seen = new Set<Received>();

  /** A session: `->` is sent, `<-` must come. */
  const lmtp = async ({ lines, at }: Block): Promise<void> => {
    const client = await LmtpClient.open(stack.lmtpPort);
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

  /** `$ npx belfry ...`, and what it prints when everything before it is done. */
  const commands = async ({ lines, at }: Block): Promise<void> => {
    await stack.idle();
    for (let index = 0; index < lines.length; ) {
      const line = lines[index] ?? '';
      if (!line.startsWith('$ ')) throw new Error(`line ${at + index} is no command`);
      const after = lines.findIndex((other, place) => place > index && other.startsWith('$ '));
      const end = after === -1 ? lines.length : after;
      mustFit(lines.slice(index + 1, end), await runBelfry(line.slice(2), directory), at + index + 1);
      index = end;
    }
  };

  /** A transaction that arrived at the relay: its envelope, and the mail to the last byte. */
  const arrived = async ({ lines, at }: Block): Promise<void> => {
    await stack.idle();
    const [sender = '', first = ''] = lines;
    const unseen = relay.received.filter((received) => !seen.has(received));
    const found = unseen.find((received) => {
      const [from, to] = transactionLines(received);
      return fits(sender, from) && fits(first, to);
    });
    if (found === undefined) {
      const envelopes = unseen.map((received) => `${received.sender} -> ${received.recipients.join(' ')}`);
      throw new Error(`line ${at}: no such transaction, but:\n${envelopes.join('\n')}`);
    }
    seen.add(found);
    mustFit(lines, transactionLines(found), at);
  };

  /** What the relay says to a recipient from now on: the command, and its reply. */
  const relayAnswers = ({ lines }: Block): void => {
    const [command = '', reply = ''] = lines;
    const recipient = /^RCPT TO:<(.*)>$/.exec(command)?.[1];
    relay.says({ rcpt: (asked) => (asked === recipient ? reply : '250 2.1.5 Ok') });
  };

  /** What DNS says from now on: a name, and its text. Other names do not exist. */
  const dnsAnswers = ({ lines }: Block): void =>
    stack.dns.says(
      Object.fromEntries(
        lines.map((line) => {
          const [, name = '', text = ''] = /^(\S+) +TXT +"(.*)"$/.exec(line) ?? [];
          return [name, [text]];
        }),
      ),
    );

  return {
    follow: async (block) => {
      if (block.kind === 'lmtp') await lmtp(block);
      else if (block.kind === 'console') await commands(block);
      else if (block.kind === 'eml') await arrived(block);
      else if (block.kind === 'relay') relayAnswers(block);
      else if (block.kind === 'draft')
        writeFileSync(join(directory, 'mail.eml'), `${block.lines.join('\n')}\n`);
      else if (block.kind === 'dns') dnsAnswers(block);
      else if (block.kind === 'sum') for (const line of block.lines) checkSum(line);
    },
    close: async () => {
      // What arrived and no document tells of would be a copy too many.
      const untold = relay.received.filter((received) => !seen.has(received));
      await stack.stop();
      await relay.close();
      rmSync(directory, { recursive: true });
      if (untold.length > 0) {
        throw new Error(
          `No document tells of ${untold.map(({ recipients }) => recipients.join(' ')).join('; ')}`,
        );
      }
    },
  };
};
