import { afterEach, expect, test, vi } from 'vitest';
import { type Lab, type LabOptions, openLab } from './function-lab.ts';

let lab: Lab | undefined;

const open = async (options: LabOptions): Promise<Lab> => {
  lab = await openLab(options);
  return lab;
};

afterEach(async () => {
  await lab?.stop();
  lab = undefined;
});

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 10 });

const sendAll = async (to: Lab, bodies: readonly string[]): Promise<void> => {
  for (const body of bodies) await to.send(body);
};

test('only the messages that a function reports as failed come back', async () => {
  const ring = await open({
    handler: `return { batchItemFailures: event.Records
      .filter(({ body, attributes }) => body.startsWith('bad') && attributes.ApproximateReceiveCount === '1')
      .map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
    mapping: { batchSize: 10 },
  });
  await sendAll(ring, ['good 1', 'bad 1', 'good 2', 'bad 2']);
  const poller = ring.feed();
  await eventually(() => expect(ring.invoked.flat()).toHaveLength(6));
  expect(ring.invoked).toEqual([
    ['good 1', 'bad 1', 'good 2', 'bad 2'],
    ['bad 1', 'bad 2'],
  ]);
  await eventually(() => expect(poller.busy).toBe(0));
});

test('all messages of an invocation that throws come back', async () => {
  const ring = await open({
    handler: `if (receives === 1) throw new Error('cracked'); return {};`,
    mapping: { batchSize: 10 },
  });
  await sendAll(ring, ['one', 'two']);
  ring.feed();
  await eventually(() => expect(ring.invoked.flat()).toHaveLength(4));
  expect(ring.invoked).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ]);
});

test('a message that fails again and again ends among the dead letters', async () => {
  const ring = await open({ handler: `throw new Error('poison');`, maxReceives: 2 });
  await ring.send('poison');
  ring.feed();
  expect(await ring.dead()).toBe('poison');
  expect(ring.invoked).toEqual([['poison'], ['poison']]);
});

test('message groups are served in turn when more waits than can run', async () => {
  const ring = await open({ handler: 'await gate(); return {};', mapping: { visibilityMs: 30_000 } });
  const backlog = Array.from({ length: 25 }, (_, index) => `ant ${index}`);
  for (const body of backlog) await ring.send(body, 'ant.example.com');
  await ring.send('bee 0', 'bee.example.com');
  await ring.send('bee 1', 'bee.example.com');
  const poller = ring.feed();
  await eventually(() => expect(poller.busy).toBe(27));
  ring.open();
  await eventually(() => expect(ring.invoked).toHaveLength(27));
  expect(ring.invoked.flat().slice(0, 5)).toEqual(['ant 0', 'ant 1', 'bee 0', 'ant 2', 'bee 1']);
  expect(ring.attributesOf('bee 0')).toMatchObject({ MessageGroupId: 'bee.example.com' });
});

test('a message that waits for its turn longer than its visibility time is worked on once', async () => {
  const ring = await open({ handler: 'await gate(); return {};', timeoutMs: 20_000 });
  await ring.send('first');
  await ring.send('second');
  const poller = ring.feed();
  await eventually(() => expect(poller.busy).toBe(2));
  // Two visibility times go by while the second message waits.
  await new Promise((resolve) => setTimeout(resolve, 2200));
  ring.open();
  await eventually(() => expect(ring.invoked.flat()).toContain('second'));
  expect(ring.attributesOf('second')).toMatchObject({ ApproximateReceiveCount: '1' });
});

test('no more invocations run at once than the mapping allows, and that many do', async () => {
  const ring = await open({
    handler: 'await gate(); return {};',
    limit: 3,
    mapping: { visibilityMs: 30_000 },
  });
  const bodies = Array.from({ length: 12 }, (_, index) => String(index));
  await sendAll(ring, bodies);
  const poller = ring.feed();
  await eventually(() => expect(poller.busy).toBe(12));
  await eventually(() => expect(ring.pool.pids).toHaveLength(3));
  ring.open();
  await eventually(() => expect(poller.busy).toBe(0));
  expect(ring.invoked.flat().sort()).toEqual(bodies.sort());
  expect(ring.most()).toBe(3);
});

test('a batch that is not full waits for its window', async () => {
  const ring = await open({ handler: 'return {};', mapping: { batchSize: 10, windowMs: 1000 } });
  ring.feed();
  await ring.send('one');
  await ring.send('two');
  await eventually(() => expect(ring.invoked).toEqual([['one', 'two']]));
});

test('a function that dies is started again, and its message comes back', async () => {
  const ring = await open({ handler: 'if (receives === 1) process.exit(1); return {};' });
  const [before] = ring.pool.pids;
  await ring.send('heavy');
  ring.feed();
  await eventually(() => expect(ring.invoked).toEqual([['heavy'], ['heavy']]));
  expect(ring.pool.pids).toHaveLength(1);
  expect(ring.pool.pids).not.toContain(before);
  expect(ring.attributesOf('heavy')).toMatchObject({ ApproximateReceiveCount: '2' });
});

test('a function that is over its time is killed, and its message comes back', async () => {
  const ring = await open({ handler: 'if (receives === 1) await gate(); return {};', timeoutMs: 300 });
  const [before] = ring.pool.pids;
  await ring.send('slow');
  ring.feed();
  await eventually(() => expect(ring.invoked).toEqual([['slow'], ['slow']]));
  expect(ring.pool.pids).not.toContain(before);
});

test('a function is told how much of its time is left', async () => {
  const ring = await open({ handler: 'return context.getRemainingTimeInMillis();', timeoutMs: 4000 });
  const outcome = await ring.pool.invoke('{"Records":[{"attributes":{}}]}');
  expect(outcome.ok && Number(outcome.response)).toBeGreaterThan(0);
  expect(outcome.ok && Number(outcome.response)).toBeLessThanOrEqual(4000);
});

test('an idle function that is killed is started again', async () => {
  const ring = await open({ handler: 'return {};' });
  const [before = 0] = ring.pool.pids;
  process.kill(before, 'SIGKILL');
  await eventually(() => expect(ring.pool.pids).toEqual([expect.not.toSatisfy((pid) => pid === before)]));
  ring.feed();
  await ring.send('after');
  await eventually(() => expect(ring.invoked).toEqual([['after']]));
});

test('a function can be given another environment while the stack runs', async () => {
  const ring = await open({ handler: "return process.env.TOWER ?? 'none';" });
  const ask = async (): Promise<unknown> => {
    const outcome = await ring.pool.invoke('{"Records":[{"attributes":{}}]}');
    return outcome.ok ? JSON.parse(outcome.response) : outcome.reason;
  };
  expect(await ask()).toBe('none');
  await ring.pool.setEnvironment({ TOWER: 'north' });
  expect(await ask()).toBe('north');
  await ring.pool.setEnvironment({});
  expect(await ask()).toBe('none');
});
