import path from 'node:path';
import { type BundlingOptions, LogLevel, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { FunctionName } from './names.ts';
import { checkout } from './site-file.ts';

/**
 * Packages that lie beside the bundle of a function and not in it, because they are large and seldom needed: the list of public suffixes is
 * for authors whose domain has no DMARC record of its own. Each is one file without dependencies.
 */
const beside: Readonly<Partial<Record<FunctionName, readonly string[]>>> = { incoming: ['tldts'] };

const copies = (name: string, outputDir: string): readonly string[] => {
  const from = path.join(checkout, 'node_modules', name);
  const to = path.join(outputDir, 'node_modules', name);
  return [
    `mkdir -p "${to}/dist/cjs"`,
    `cp "${from}/package.json" "${from}/LICENSE" "${to}/"`,
    `cp "${from}/dist/cjs/index.js" "${to}/dist/cjs/"`,
  ];
};

/** How the code of a function is made one file (decisions 6 and 21). */
export const bundlingOf = (name: FunctionName): BundlingOptions => ({
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  logLevel: LogLevel.WARNING,
  minify: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.DEFAULT,
  sourcesContent: false,
  // The SDK in the bundle is the one that the tests ran; the one of the runtime is slower to load and changes under us.
  externalModules: [...new Set(Object.values(beside).flat())],
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': path.join(checkout, 'infra/aws/lambda-credentials.ts'),
  },
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_, outputDir) => (beside[name] ?? []).flatMap((one) => copies(one, outputDir)),
  },
  // Some packages in the bundle are CommonJS and call require() for Node's own modules.
  banner:
    "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
});
