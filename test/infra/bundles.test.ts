import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames, logicalIds, sesFunctionNames } from '../../infra/aws/names.ts';
import { checkout } from '../../infra/aws/site-file.ts';
import { variables } from '../../lib/config/environment.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'belfry-bundles-'));
const outdir = path.join(folder, 'cdk.out');

const synthesizeAs = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ['infra/aws/app.ts'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, ...env },
  });

const allFunctions = [...functionNames, ...sesFunctionNames];
let assets: ReadonlyMap<string, string>;

beforeAll(() => {
  // With Amazon SES there are all functions that there can be.
  const file = path.join(folder, 'ses.json');
  writeFileSync(file, '{"delivery": {"transport": "ses"}, "ses": {"domains": ["lists.example.com"]}}');
  const { status, stderr } = synthesizeAs({ BELFRY_CONFIG: file });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
  const { Resources } = JSON.parse(readFileSync(path.join(outdir, 'Belfry.template.json'), 'utf8'));
  assets = new Map(
    allFunctions.map((name) => {
      const key: string = Resources[logicalIds.function(name)].Properties.Code.S3Key;
      return [name, path.join(outdir, `asset.${key.replace('.zip', '')}`, 'index.mjs')];
    }),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(allFunctions)('the bundle of %s', (name) => {
  it('is below 800 KB', () => {
    expect(statSync(assets.get(name) ?? '').size).toBeLessThan(800_000);
  });

  it('loads with the environment that the stack gives, and has a handler', () => {
    const program = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(assets.get(name) ?? '').href)});
      process.stdout.write(typeof handler);
      process.exit(0);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      env: {
        AWS_REGION: 'eu-central-1',
        [variables.site]: '{}',
        [variables.table]: 'table',
        [variables.bucket]: 'bucket',
      },
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('function');
  });
});

describe('synthesis by hand', () => {
  const configured = (settings: string) => {
    const file = path.join(folder, 'site.json');
    writeFileSync(file, settings);
    const { status, stderr } = synthesizeAs({ BELFRY_CONFIG: file });
    return { status, stderr };
  };

  it.each([
    {
      settings: '{"mta": {"smtp_prot": 25}}',
      says: 'Site settings: there is no setting "smtp_prot" in section "mta"',
    },
    {
      settings: '{"delivery": {"transport": "ses"}}',
      says: 'Site settings: ses.domains must name the mail domains',
    },
    { settings: '{', says: 'cannot be read' },
  ])('ends with one clear line and status 1: $says', ({ settings, says }) => {
    const { status, stderr } = configured(settings);
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(says)]);
  });
});
