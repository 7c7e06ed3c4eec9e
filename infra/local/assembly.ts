import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { bundleGateway } from '../../lmtp-gateway/bundle.ts';
import { checkout } from '../aws/site-file.ts';
import { StartError } from './start-error.ts';

/** What is run, ready to run: the synthesized template with the bundles of the functions, and the bundle of the gateway. */
export interface Assembly {
  /** The folder that `cdk synth` wrote. */
  readonly templateDir: string;
  /** The folder of the gateway's bundle. */
  readonly gatewayDir: string;
  /** The bootstrap of the functions' processes. */
  readonly bootstrap: string;
}

/** Where the parts of an assembly lie in its folder. */
export const assemblyIn = (dir: string): Assembly => ({
  templateDir: join(dir, 'cdk.out'),
  gatewayDir: join(dir, 'gateway'),
  bootstrap: join(dir, 'bootstrap.mjs'),
});

const synthesize = (config: string, templateDir: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, 'infra/aws/app.ts')], {
      cwd: checkout,
      env: { ...process.env, CDK_OUTDIR: templateDir, BELFRY_CONFIG: config },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Who ends the stack while it starts does not want its template any more.
    const abandon = (): boolean => child.kill();
    process.once('exit', abandon);
    let said = '';
    const hear = (part: Buffer): void => {
      said += part.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', abandon);
      if (code === 0) resolve();
      else reject(new StartError(said.trim() || `The template cannot be synthesized (exit status ${code})`));
    });
  });

/**
 * Bundles the bootstrap of the functions' processes. It is bundled although it is one small file: to strip types Node loads a parser, which would cost each start of
 * a function 30 ms.
 */
export const bundleBootstrap = async (outfile: string): Promise<void> => {
  await build({
    entryPoints: [join(import.meta.dirname, 'runtime/bootstrap.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
  });
};

/** Synthesizes the template of a site and bundles what runs beside it, into an emptied folder. */
export const assemble = async (dir: string, site: SiteOverrides): Promise<Assembly> => {
  const assembly = assemblyIn(dir);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const config = join(dir, 'site.json');
  writeFileSync(config, JSON.stringify(site, undefined, 2));
  await Promise.all([
    synthesize(config, assembly.templateDir),
    bundleGateway(assembly.gatewayDir),
    bundleBootstrap(assembly.bootstrap),
  ]);
  return assembly;
};
