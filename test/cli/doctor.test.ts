import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Belfry, emptyDirectory, runIn, startBelfry } from './belfry.ts';

let belfry: Belfry;
let empty: string;
beforeAll(async () => {
  [belfry, empty] = await Promise.all([startBelfry(), emptyDirectory()]);
});
afterAll(async () => {
  await belfry.close();
  await rm(empty, { recursive: true });
});

it('looks at the local stack, a line for each thing, and fails when one of them does', async () => {
  const { status, stdout, stderr } = await belfry.run(['doctor']);
  expect(stdout).toMatch(/^ok +table +answers$/m);
  expect(stdout).toMatch(/^ok +bucket +answers$/m);
  expect(stdout).toMatch(/^ok +queues +answers$/m);
  // Neither a gateway nor a relay runs beside the emulators of this test.
  expect(stdout).toMatch(/^fail +gateway +127\.0\.0\.1:1: /m);
  expect(stdout).toMatch(/^fail +relay +mta\.smtp_host is not set\. /m);
  expect(stderr).toMatch(/^belfry: 2 of \d+ checks failed\n$/);
  expect(status).toBe(1);
});

it('tells machines the same', async () => {
  const { stdout } = await belfry.run(['doctor', '--json']);
  expect(JSON.parse(stdout)).toContainEqual({ name: 'table', state: 'ok', says: 'answers' });
});

it('looks at AWS before anything is deployed there', async () => {
  const { status, stdout } = await runIn(empty, ['doctor'], '', { env: { AWS_REGION: 'eu-west-1' } });
  expect(stdout).toMatch(/^fail +bootstrap +/m);
  expect(stdout).toMatch(/^fail +stack +/m);
  expect(stdout).toMatch(/^fail +gateway +it is not known where it is$/m);
  expect(status).toBe(1);
});
