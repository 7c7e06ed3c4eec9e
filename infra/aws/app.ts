import { rm } from 'node:fs/promises';
import { App } from 'aws-cdk-lib';
import { SettingError } from '../../lib/settings/setting.ts';
import { layOutGatewayImage } from './gateway-image.ts';
import { cdkContext, readSiteFiles } from './site-file.ts';
import { belfryApp } from './synthesize.ts';

const synthesize = async (): Promise<void> => {
  const context = cdkContext();
  // The CDK's tool hands over the context by the environment, with what was given on its command line.
  const given: unknown = new App({ context, autoSynth: false }).node.tryGetContext('belfry');
  const site = readSiteFiles(given, process.env);
  const imageFolder = await layOutGatewayImage();
  try {
    belfryApp({ site, context, imageFolder }).app.synth();
  } finally {
    await rm(imageFolder, { recursive: true, force: true });
  }
};

try {
  await synthesize();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
