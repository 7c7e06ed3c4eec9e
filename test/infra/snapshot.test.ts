import { expect, it } from 'vitest';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { synthesize } from './synthesized.ts';

type Named = Readonly<Record<string, unknown>>;

// The digests of assets change with every line of code; what is deployed around them does not.
const templateOf = (
  overrides: SiteOverrides = {},
): { readonly Resources: Named; readonly Outputs: Named } => {
  const { template } = synthesize(overrides);
  return JSON.parse(JSON.stringify(template.toJSON()).replace(/[0-9a-f]{64}/g, 'DIGEST'));
};

const beside = (more: Named, less: Named): Named =>
  Object.fromEntries(
    Object.entries(more).filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(less[name])),
  );

const byDefault = templateOf();

it('the template of a site with defaults changes only on purpose', () => {
  expect(byDefault).toMatchSnapshot();
});

it('what a site that sends through Amazon SES has otherwise changes only on purpose', () => {
  const ses = templateOf({ delivery: { transport: 'ses' }, ses: { domains: ['lists.example.com'] } });
  // A function differs by its settings at least, and those are no news.
  const settings = /"BELFRY_SITE":"(?:[^"\\]|\\.)*",?/g;
  const sesWithout = JSON.parse(JSON.stringify(ses).replace(settings, ''));
  const defaultWithout = JSON.parse(JSON.stringify(byDefault).replace(settings, ''));
  expect({
    Resources: beside(sesWithout.Resources, defaultWithout.Resources),
    Outputs: beside(sesWithout.Outputs, defaultWithout.Outputs),
  }).toMatchSnapshot();
});
