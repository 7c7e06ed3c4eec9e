import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, expect, it } from 'vitest';
import { cdkContext } from '../../infra/aws/site-file.ts';
import { belfryApp } from '../../infra/aws/synthesize.ts';
import { readSite } from '../../lib/config/site.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'belfry-nag-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a bucket that somebody adds without TLS, logs and a reason stops the synthesis', () => {
  const imageFolder = mkdtempSync(path.join(folder, 'image-'));
  writeFileSync(path.join(imageFolder, 'Dockerfile'), 'FROM scratch\n');
  const { app, stack } = belfryApp({
    site: readSite({}),
    context: { ...cdkContext(), 'aws:cdk:bundling-stacks': [] },
    imageFolder,
    outdir: path.join(folder, 'cdk.out'),
  });
  new Bucket(stack, 'Careless');
  expect(() => app.synth()).toThrow('AwsSolutions-S10');
});
