import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { cdkContext } from '../../infra/aws/site-file.ts';
import { belfryApp } from '../../infra/aws/synthesize.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';

/** What came of a synthesis. */
export interface Synthesized {
  readonly template: Template;
  /** The findings of cdk-nag and of CloudFormation's own rules, by name. */
  readonly findings: readonly string[];
  /** What the person who synthesizes is told, warnings and notes. */
  readonly told: readonly string[];
}

interface Report {
  readonly pluginReports?: readonly {
    readonly violations: readonly { readonly ruleName: string; readonly severity?: string }[];
  }[];
}

const notes = new Set(['aws:cdk:warning', 'aws:cdk:info']);

/**
 * Synthesizes the stack of a site, without bundling its functions: that is what takes the time, and `bundles.test.ts` sees to it. Findings
 * make the synthesis fail, as they do for a user.
 */
export const synthesize = (overrides: SiteOverrides = {}): Synthesized => {
  const folder = mkdtempSync(path.join(tmpdir(), 'belfry-synth-'));
  try {
    const imageFolder = path.join(folder, 'image');
    mkdirSync(imageFolder);
    writeFileSync(path.join(imageFolder, 'Dockerfile'), 'FROM scratch\n');
    const outdir = path.join(folder, 'cdk.out');
    const { app, stack } = belfryApp({
      site: readSite(overrides),
      context: { ...cdkContext(), 'aws:cdk:bundling-stacks': [] },
      imageFolder,
      outdir,
    });
    const assembly = app.synth();
    const report: Report = JSON.parse(readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'));
    return {
      template: Template.fromStack(stack),
      findings: (report.pluginReports ?? [])
        .flatMap(({ violations }) => violations)
        .filter(({ ruleName }) => !ruleName.includes('belfry:') && !ruleName.includes('info-annotation'))
        .map(({ ruleName }) => ruleName),
      told: assembly
        .getStackByName('Belfry')
        .messages.filter(({ entry }) => notes.has(entry.type))
        .map(({ entry }) => String(entry.data)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
