import path from 'node:path';
import { type BundlingOptions, LogLevel, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { FunctionName } from './names.ts';
import { checkout } from './site-file.ts';

/** A package that lies beside the bundle of a function and not in it: one file without dependencies. */
interface Beside {
  readonly name: string;
  readonly file: string;
}

/** The list of public suffixes: large, and only for authors whose domain has no DMARC record of its own. */
const publicSuffixes: Beside = { name: 'tldts', file: 'dist/cjs/index.js' };

/** The engine of owners' regular expressions: 150 KB, and most of them tables of Unicode. */
const patterns: Beside = { name: 're2js', file: 'build/index.js' };

const besides = (name: FunctionName): readonly Beside[] =>
  name === 'incoming' ? [publicSuffixes, patterns] : [patterns];

const copies = ({ name, file }: Beside, outputDir: string): readonly string[] => {
  const from = path.join(checkout, 'node_modules', name);
  const to = path.join(outputDir, 'node_modules', name);
  return [
    `mkdir -p "${path.dirname(path.join(to, file))}"`,
    `cp "${from}/package.json" "${from}/LICENSE" "${to}/"`,
    `cp "${from}/${file}" "${path.join(to, file)}"`,
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
  externalModules: [publicSuffixes.name, patterns.name],
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': path.join(checkout, 'infra/aws/lambda-credentials.ts'),
  },
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_, outputDir) => besides(name).flatMap((one) => copies(one, outputDir)),
  },
  // Some packages in the bundle are CommonJS and call require() for Node's own modules.
  banner:
    "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
});
