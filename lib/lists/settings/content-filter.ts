import { flag, oneOf, type Setting, SettingError, texts } from '../../settings/setting.ts';

const mediaTypes = (doc: string): Setting<readonly string[]> => {
  const list = texts([], doc);
  return {
    ...list,
    type: 'list of media types such as image or text/html',
    parse: (raw) =>
      list.parse(raw).map((entry) => {
        // RFC 6838, section 4.2, says of what a type and a subtype are made.
        if (!/^[a-z0-9][\w!#$&^.+-]*(\/[a-z0-9][\w!#$&^.+-]*)?$/i.test(entry)) {
          throw new SettingError(`"${entry}" is not a media type such as image or text/html`);
        }
        return entry.toLowerCase();
      }),
  };
};

const extensions = (doc: string): Setting<readonly string[]> => {
  const list = texts([], doc);
  return {
    ...list,
    type: 'list of file name extensions',
    parse: (raw) =>
      list.parse(raw).map((entry) => {
        if (!/^\.?[^\s./\\]+$/.test(entry)) {
          throw new SettingError(`"${entry}" is not the extension of a file name such as exe`);
        }
        return entry.replace(/^\./, '').toLowerCase();
      }),
  };
};

/** Which parts of a post pass. */
export const contentFilterSettings = {
  filter_content: flag(false, 'Whether parts of posts are filtered by the settings of this group.'),
  filter_types: mediaTypes('Parts of these types are removed.'),
  pass_types: mediaTypes('When not empty: parts of other types are removed.'),
  filter_extensions: extensions('Parts whose file name ends so are removed.'),
  pass_extensions: extensions('When not empty: parts whose file name ends otherwise are removed.'),
  collapse_alternatives: flag(
    true,
    'Whether of the alternatives of a mail only the first, usually plain text, is kept.',
  ),
  convert_html_to_plaintext: flag(false, 'Whether HTML parts become plain text.'),
  filter_action: oneOf(
    ['hold', 'reject', 'discard', 'accept', 'defer', 'forward', 'preserve'],
    'discard',
    'What happens to a post of which nothing is left.',
  ),
} as const;
