import { App } from 'aws-cdk-lib';
import { SettingError } from '../../lib/settings/setting.ts';
import { gatewayImage } from './gateway-image.ts';
import { cdkContext, readSiteFiles } from './site-file.ts';
import { belfryApp } from './synthesize.ts';

try {
  const context = cdkContext();
  // The CDK's tool hands over the context by the environment, with what was given on its command line.
  const site = readSiteFiles(
    new App({ context, autoSynth: false }).node.tryGetContext('belfry'),
    process.env,
  );
  const imageFolder = await gatewayImage();
  belfryApp({ site, context, imageFolder }).app.synth();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
