import { oneOf } from '../../settings/setting.ts';

/** Whether and how posts are archived. */
export const archiveSettings = {
  archive_policy: oneOf(
    ['never', 'private', 'public'],
    'public',
    'Whether posts are archived, and whether the archive is open to everyone.',
  ),
  archive_rendering_mode: oneOf(
    ['text', 'markdown'],
    'text',
    'Whether an archive shows posts as plain text or reads them as Markdown.',
  ),
} as const;
