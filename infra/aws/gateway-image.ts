import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleGateway } from '../../lmtp-gateway/bundle.ts';
import { checkout } from './site-file.ts';

/** Lays out what Docker builds the gateway from, in a temporary folder: the bundle that the tests run, and the Dockerfile that copies it. */
export const layOutGatewayImage = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'belfry-gateway-'));
  await bundleGateway(folder);
  await copyFile(path.join(checkout, 'lmtp-gateway', 'Dockerfile'), path.join(folder, 'Dockerfile'));
  return folder;
};
