import { z } from 'zod';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { type QueueMessage, queueMessageSchema } from '../../lib/queue/messages.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import type { Emulators } from '../harness/emulators.ts';
import { makeList, startTestGateway } from './gateway-under-test.ts';
import { LmtpClient } from './lmtp-client.ts';

/*
 * A conversation is a text file, a line a step:
 *
 *   # a comment                      ! site {"gateway": {...}}    site settings (before the first step)
 *   -> a line that is sent           ! list ant@example.com      makes a list; a second name is an alias domain
 *   ->> bytes without a line end     ! decided                   the mail of the message seen last gets its record
 *   ->*1000 a line, sent so often    ! open                      another session, beside this one; it is the one from now on
 *   <- a line that must come         ! cut                       the client cuts the connection
 *   <x the server must close         = in {"listid": ...}        the next message on a queue, which must have at least this
 *                                    = nothing                   no message on any queue
 *                                    @ a line that the stored mail must have     @! a line that it must not have
 *                                    @body the exact bytes after its header block
 *
 * What is sent may have \r \n \0 \\ \xNN, and \(z*1000) for a thousand z. In what must come, * stands for anything.
 */

const arrivalQueues = ['in', 'command', 'bounces'] as const satisfies readonly QueueName[];

const written = (text: string): string =>
  text
    .replace(/\\\((.)\*(\d+)\)/g, (_, one: string, times: string) => one.repeat(Number(times)))
    .replace(/\\(r|n|0|\\|x[0-9a-f]{2})/g, (_, code: string) => {
      if (code === 'r') return '\r';
      if (code === 'n') return '\n';
      if (code === '0') return '\0';
      return code === '\\' ? '\\' : String.fromCharCode(Number.parseInt(code.slice(1), 16));
    });

const matches = (pattern: string, line: string | undefined): boolean => {
  if (line === undefined || !pattern.includes('*')) return pattern === line;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(line);
};

/** Whether a value has at least what is wanted; texts may have * in them. */
const has = (value: unknown, wanted: unknown): boolean => {
  if (typeof wanted === 'string') return typeof value === 'string' && matches(wanted, value);
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(wanted).every(([key, one]) =>
      has(Object.entries(value).find(([k]) => k === key)?.[1], one),
    )
  );
};

const readOverrides = (text: string): SiteOverrides =>
  z.record(z.string(), z.record(z.string(), z.unknown())).parse(JSON.parse(text));

/** Holds a conversation with a gateway of its own; throws with line number and reason where it goes another way. */
export const converse = async (text: string, emulators: Emulators): Promise<void> => {
  const lines = text.split('\n');
  const site = lines.find((line) => line.startsWith('! site '))?.slice('! site '.length) ?? '{}';
  const gateway = await startTestGateway(emulators, readOverrides(site));
  const clients = [await LmtpClient.open(gateway.port)];
  const seen: QueueMessage[] = [];
  const waiting = new Map<QueueName, QueueMessage[]>();
  let stored = '';

  const collect = async (): Promise<void> => {
    for (const queue of arrivalQueues) {
      const found = await emulators.receive(queue);
      waiting.set(queue, [...(waiting.get(queue) ?? []), ...found]);
    }
  };

  const lastSeen = () => {
    const message = seen.at(-1);
    if (message?.type !== 'mail') throw new Error('no message was seen yet');
    return message;
  };

  const step = async (line: string): Promise<void> => {
    const client = clients.at(-1);
    if (client === undefined) throw new Error('no session is open');
    const times = /^->\*(\d+) (.*)$/.exec(line);
    if (times !== null) {
      await client.send(`${written(times[2] ?? '')}\r\n`.repeat(Number(times[1])));
    } else if (line.startsWith('->> ')) await client.send(written(line.slice(4)));
    else if (line === '->') await client.send('\r\n');
    else if (line.startsWith('-> ')) await client.send(`${written(line.slice(3))}\r\n`);
    else if (line.startsWith('<- ')) {
      const came = await client.line();
      if (!matches(line.slice(3), came)) throw new Error(`what came is: ${came ?? '(closed)'}`);
    } else if (line === '<x') {
      const came = await client.line();
      if (came !== undefined) throw new Error(`what came is: ${came}`);
    } else if (line === '= nothing') {
      await collect();
      const left = [...waiting.values()].flat();
      if (left.length > 0) throw new Error(`there is ${JSON.stringify(left)}`);
    } else if (line.startsWith('= ')) {
      const [, queue, wanted] = /^= (in|command|bounces) (.*)$/.exec(line) ?? [];
      await collect();
      const line2 = waiting.get(z.enum(arrivalQueues).parse(queue)) ?? [];
      const index = line2.findIndex((message) => has(message, JSON.parse(wanted ?? '')));
      const [message] = index === -1 ? [] : line2.splice(index, 1);
      if (message === undefined) throw new Error(`there is ${JSON.stringify([...waiting.values()].flat())}`);
      seen.push(queueMessageSchema.parse(message));
      stored = (await emulators.blobs.get(lastSeen().blob))?.toString('latin1') ?? '(no bytes)';
    } else if (line.startsWith('@body ')) {
      const body = stored.slice(stored.indexOf('\r\n\r\n') + 4);
      if (body !== written(line.slice(6))) throw new Error(`the body is ${JSON.stringify(body)}`);
    } else if (line.startsWith('@! ')) {
      const wrong = stored.split('\r\n').find((one) => matches(written(line.slice(3)), one));
      if (wrong !== undefined) throw new Error(`the mail has ${JSON.stringify(wrong)}`);
    } else if (line.startsWith('@ ')) {
      const found = stored.split('\r\n').some((one) => matches(written(line.slice(2)), one));
      if (!found) throw new Error(`the mail is ${JSON.stringify(stored)}`);
    } else if (line.startsWith('! list ')) {
      const [fqdn = '', alias] = line.slice('! list '.length).split(' ');
      await makeList(emulators, fqdn, alias);
    } else if (line === '! decided') {
      const { id, listid, messageId, blob, envelope, metadata } = lastSeen();
      await emulators.store.mails.commit(
        {
          ...{ id, list_id: listid, message_id: messageId, blob, envelope, metadata },
          ...{ disposition: 'accepted', rule_hits: [], rule_misses: [] },
          decided_at: new Date().toISOString(),
        },
        new Date(Date.now() + 86_400_000),
      );
    } else if (line === '! open') clients.push(await LmtpClient.open(gateway.port));
    else if (line === '! cut') client.cut();
    else if (!line.startsWith('! site ')) throw new Error('this is no step of a conversation');
  };

  try {
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      await step(line).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`line ${index + 1}: ${line}\n${reason}\n${gateway.problems.join('\n')}`);
      });
    }
    if (gateway.problems.length > 0)
      throw new Error(`the gateway had faults: ${gateway.problems.join('; ')}`);
  } finally {
    for (const client of clients) client.close();
    await gateway.stop(0);
    await collect();
  }
};
