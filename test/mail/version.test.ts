import { expect, it } from 'vitest';
import { version } from '../../lib/mail/version.ts';
import packageJson from '../../package.json' with { type: 'json' };

it('X-Mailman-Version names the Belfry that was released', () => {
  expect(version).toContain(`Belfry ${packageJson.version}`);
});
