import { siteSettings } from '../../lib/config/site-settings.ts';
import { listSettingSubjects } from '../../lib/lists/settings.ts';
import type { ReferencePage } from './page.ts';

/** The reference pages by the names of their files in `docs/`. */
export const referencePages: Readonly<Record<string, ReferencePage>> = {
  'list-settings.md': {
    title: 'Settings of a list',
    introduction:
      'They bear the names of GNU Mailman 3 and have its defaults. `npx belfry list show LIST` shows them, and `npx belfry list set LIST NAME=VALUE` changes them.',
    sections: listSettingSubjects,
  },
  'site-settings.md': {
    title: 'Settings of a site',
    introduction:
      'They stand in `cdk.json` under `context.belfry`, as `{"section": {"key": value}}`; on the local stack, the file that `BELFRY_CONFIG` names overrides them. Sections and keys of GNU Mailman 3 bear its names.',
    sections: siteSettings,
  },
};
