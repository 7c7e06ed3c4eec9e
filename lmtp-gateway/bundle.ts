import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
