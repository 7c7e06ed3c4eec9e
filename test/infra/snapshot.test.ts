import { expect, it } from 'vitest';
import { synthesize } from './synthesized.ts';

it('the template of a site with defaults changes only on purpose', () => {
  const { template } = synthesize();
  // The digests of assets change with every line of code; what is deployed around them does not.
  const digests = /[0-9a-f]{64}/g;
  expect(JSON.parse(JSON.stringify(template.toJSON()).replace(digests, 'DIGEST'))).toMatchSnapshot();
});
