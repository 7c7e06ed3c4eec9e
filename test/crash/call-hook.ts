import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ClientRequest } from 'node:http';
import { Socket } from 'node:net';
import { basename, join } from 'node:path';
import type { CrashPlan } from './crash-plan.ts';

/**
 * Loaded into a function's or the gateway's own process by `--import`, beside the bundle that would be deployed and without
 * its knowledge: sees every call to the outside before it leaves and after it is answered, writes it down, and ends the
 * process at the call that the sweep names. What is a call: a request to an AWS service, and each step of an SMTP
 * transaction.
 */
const folder = process.env.BELFRY_CALLS ?? '';
const relayPort = Number(process.env.BELFRY_CALLS_RELAY_PORT ?? 0);

/** The name of this process: the function's, or `gateway`. */
const who = process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'gateway';

let run = '';
let calls = 0;

const plan = (): CrashPlan | undefined => {
  const file = join(folder, 'plan.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const crashIfTold = (call: number, when: 'before' | 'after'): void => {
  const now = plan();
  if (now === undefined || now.run !== run || now.at === undefined) return;
  const { process: name, call: at, when: moment } = now.at;
  const fired = join(folder, `fired-${run}`);
  if (!who.includes(name) || call !== at || when !== moment || existsSync(fired)) return;
  writeFileSync(fired, `${name} ${call} ${when}\n`);
  process.exit(9);
};

/** Notes a call that is about to leave; gives its number in this run of this process. */
const noteCall = (label: string): number => {
  const now = plan();
  if (now === undefined) return -1;
  if (now.run !== run) {
    run = now.run;
    calls = 0;
  }
  const call = calls;
  calls += 1;
  note(`${who}\t${call}\t${label}`);
  crashIfTold(call, 'before');
  return call;
};

const note = (line: string): void => appendFileSync(join(folder, `calls-${run}.log`), `${line}\n`);

/** Notes that a call is answered: several may be under way at once. */
const noteAnswer = (call: number, label: string): void => {
  if (call >= 0) note(`${who}\t${call}\t${label}\tanswered`);
  crashIfTold(call, 'after');
};

const awsLabel = (request: ClientRequest, body: string): string => {
  const target = String(request.getHeader('x-amz-target') ?? '');
  const [, operation = ''] = target.split('.');
  if (target.startsWith('DynamoDB')) {
    const key =
      /"(?:pk)":\{"S":"([^"#]+)/.exec(body)?.[1] ??
      /":(?:list|all|address|message|token)":\{"S":"([^"#]+)/.exec(body)?.[1];
    return `dynamodb ${operation} ${key ?? ''}`.trim();
  }
  if (target.startsWith('AmazonSQS')) {
    const url = /"QueueUrl":"([^"]+)"/.exec(body)?.[1] ?? '';
    return `sqs ${operation} ${basename(url)}`;
  }
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  if (request.path === '/' && action !== undefined) return `ses ${action}`;
  const [, bucket, ...key] = decodeURIComponent(request.path.split('?')[0] ?? '').split('/');
  const copy = request.getHeader('x-amz-copy-source') === undefined ? request.method : 'COPY';
  return `s3 ${copy} ${bucket === undefined ? '' : key.slice(0, 2).join('/')}`;
};

/** The Runtime API of Lambda and the emulator's health are not calls of ours. */
const isOurs = (request: ClientRequest): boolean =>
  request.getHeader('authorization') !== undefined &&
  String(request.getHeader('authorization')).startsWith('AWS4');

const end = ClientRequest.prototype.end;
ClientRequest.prototype.end = function (this: ClientRequest, ...given: unknown[]) {
  if (isOurs(this)) {
    const [body] = given;
    const label = awsLabel(
      this,
      typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : '',
    );
    const call = noteCall(label);
    this.prependOnceListener('response', () => noteAnswer(call, label));
  }
  return Reflect.apply(end, this, given);
};

// The steps of an SMTP transaction: what is written to the relay, and the reply that comes back. MAIL, RCPT and DATA go in one write where the relay
// offers PIPELINING, and are one step in any case; the mail with its end is the other.
const open = new WeakMap<Socket, { readonly call: number; readonly label: string }>();
/** Sockets on which DATA was said, was answered with 354, and on which the mail is on its way. */
const inData = new WeakSet<Socket>();
const answered = new WeakSet<Socket>();
const sending = new WeakSet<Socket>();

const beginStep = (socket: Socket, label: string): void => {
  open.set(socket, { call: noteCall(label), label });
};

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
  const [first] = Array.isArray(given[0]) ? given[0] : given;
  const port = typeof first === 'object' && first !== null && 'port' in first ? Number(first.port) : 0;
  if (port !== 0 && port === relayPort) beginStep(this, 'smtp connect');
  return Reflect.apply(connect, this, given);
};

const commandStep = (text: string): string | undefined => {
  if (/^EHLO/i.test(text)) return 'smtp EHLO';
  if (/^(RSET\r\n)?MAIL/i.test(text)) return 'smtp envelope';
  if (/^(RSET|QUIT)/i.test(text)) return `smtp ${text.slice(0, 4)}`;
  return undefined;
};

const noteWrite = (socket: Socket, text: string): void => {
  if (inData.has(socket) && answered.has(socket)) {
    inData.delete(socket);
    answered.delete(socket);
    // A lone dot ends the data of a transaction that came to nothing (RFC 2920, section 3.1).
    if (text === '.\r\n') return;
    sending.add(socket);
    beginStep(socket, 'smtp data');
    return;
  }
  // The mail of a long post takes several writes, all of them one step.
  if (sending.has(socket)) return;
  inData.delete(socket);
  const step = commandStep(text);
  if (step !== undefined) beginStep(socket, step);
  if (/^DATA\r\n/im.test(text)) inData.add(socket);
};

const write = Socket.prototype.write;
Socket.prototype.write = function (this: Socket, ...given: unknown[]) {
  if (open.has(this)) {
    const [chunk] = given;
    const text =
      typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
    noteWrite(this, text);
  }
  return Reflect.apply(write, this, given);
};

const emit = Socket.prototype.emit;
Socket.prototype.emit = function (this: Socket, event: string | symbol, ...given: unknown[]) {
  const step = open.get(this);
  if (event === 'data' && step !== undefined) {
    const [chunk] = given;
    const text = chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
    noteAnswer(step.call, step.label);
    sending.delete(this);
    if (inData.has(this) && /^354/m.test(text)) answered.add(this);
  }
  return Reflect.apply(emit, this, [event, ...given]);
};
