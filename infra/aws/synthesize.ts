import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Site } from '../../lib/config/site.ts';
import { BelfryStack } from './belfry-stack.ts';
import { stackName } from './names.ts';

/** What is synthesized, and where to. */
export interface BelfryAppProps {
  readonly site: Site;
  readonly context: Readonly<Record<string, unknown>>;
  /** The folder with the gateway's Dockerfile and the bundle that it copies. */
  readonly imageFolder: string;
  /** The folder for the template and the bundles; when absent, the CDK's tool says where, or a temporary one is made. */
  readonly outdir?: string;
}

/** Builds the CDK app of a site, checked by cdk-nag when it is synthesized. */
export const belfryApp = ({
  site,
  context,
  imageFolder,
  outdir,
}: BelfryAppProps): { readonly app: App; readonly stack: BelfryStack } => {
  const app = new App({
    context: { ...context },
    autoSynth: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack: new BelfryStack(app, stackName, { site, imageFolder }) };
};
