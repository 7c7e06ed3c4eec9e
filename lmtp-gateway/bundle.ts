import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * How Node runs the gateway: with a small young generation, because its garbage is short-lived and V8 would let it grow to
 * 100 MB, and with the old one bounded well below the memory of the container. The Dockerfile says the same.
 */
export const gatewayNodeFlags = ['--max-semi-space-size=4', '--max-old-space-size=128'] as const;

/**
 * Bundles the gateway into one file, `main.mjs`, in a folder: the very bundle that runs on the local stack and in the
 * container, whose build context the folder is.
 */
export const bundleGateway = async (outdir: string): Promise<void> => {
  await build({
    entryPoints: { main: fileURLToPath(new URL('main.ts', import.meta.url)) },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    sourcemap: true,
    mainFields: ['module', 'main'],
    // CommonJS packages in an ES module still ask for require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
};
