import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkout } from './site-file.ts';

/** INTERIM */
export const gatewayImage = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'belfry-gateway-'));
  const bundler = path.join(checkout, 'lmtp-gateway/bundle.ts');
  if (existsSync(bundler)) {
    const { bundleGateway } = await import(bundler);
    await bundleGateway(folder);
  } else await writeFile(path.join(folder, 'main.mjs'), '');
  const dockerfile = path.join(checkout, 'lmtp-gateway/Dockerfile');
  if (existsSync(dockerfile)) await copyFile(dockerfile, path.join(folder, 'Dockerfile'));
  else await writeFile(path.join(folder, 'Dockerfile'), 'FROM scratch\n');
  return folder;
};
