import type { TransactionLabels } from '../delivery/transport.ts';

/**
 * The tags of a mail, which come back with its bounces and complaints. SES takes ASCII letters, digits, `_` and `-` in them, 256 characters at most
 * (https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html), so that everything else is escaped:
 *
 * | in the label        | in the tag                                          |
 * | ------------------- | --------------------------------------------------- |
 * | `A-Z a-z 0-9 -`     | itself                                              |
 * | `.`                 | `__`, since every list id has some                  |
 * | any other character | `_` and two hexadecimal digits for each UTF-8 byte  |
 */
const longestTag = 256;

const names = ['list', 'post', 'member'] as const;

const hex = (byte: number): string => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** A label as the value of a tag; undefined when it is empty or too long, and then the mail goes without that tag. */
export const encodeTag = (label: string): string | undefined => {
  const value = label.replace(/[^A-Za-z0-9-]/gu, (character) =>
    character === '.' ? '__' : [...Buffer.from(character)].map(hex).join(''),
  );
  return value === '' || value.length > longestTag ? undefined : value;
};

/** The label that a tag was made from; undefined when it was not made here. */
export const decodeTag = (value: string): string | undefined => {
  if (!/^(?:[A-Za-z0-9-]|__|_[0-9A-F]{2})+$/.test(value)) return undefined;
  const bytes = value.replace(/__|_([0-9A-F]{2})/g, (_, code: string | undefined) =>
    code === undefined ? '.' : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
};

/** One tag as the API of SES takes it. */
export interface SesTag {
  readonly Name: string;
  readonly Value: string;
}

/** The tags of a mail. */
export const tagsOf = (labels: TransactionLabels): SesTag[] =>
  names.flatMap((Name) => {
    const label = labels[Name];
    const Value = label === undefined ? undefined : encodeTag(label);
    return Value === undefined ? [] : [{ Name, Value }];
  });

/**
 * The labels of a mail from the tags of an event, which has a list of values for each name. A label is missing when its tag was too long, or was not
 * ours.
 */
export const labelsOf = (
  tags: Readonly<Record<string, readonly string[] | undefined>>,
): Partial<TransactionLabels> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const [value] = tags[name] ?? [];
      const label = value === undefined ? undefined : decodeTag(value);
      return label === undefined ? [] : [[name, label]];
    }),
  );
