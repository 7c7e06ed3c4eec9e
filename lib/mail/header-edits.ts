import { fieldFrom, type HeaderBlock, type HeaderField } from './header-block.ts';

/** One change of a header block. Fields that nobody names stay byte for byte where they are. */
export type HeaderEdit =
  /** Takes away every field with one of these names (lower case). */
  | { readonly kind: 'remove'; readonly keys: readonly string[] }
  /** Puts a field behind all others. */
  | { readonly kind: 'append'; readonly field: HeaderField };

/** Takes fields away by their names. */
export const remove = (...names: readonly string[]): HeaderEdit => ({
  kind: 'remove',
  keys: names.map((name) => name.toLowerCase()),
});

/** Puts a field behind all others, whether there is one of that name or not. */
export const append = (name: string, value: string): HeaderEdit => ({
  kind: 'append',
  field: fieldFrom(name, value),
});

/** Puts a field behind all others in place of those of that name. */
export const replace = (name: string, value: string): readonly HeaderEdit[] => [
  remove(name),
  append(name, value),
];

const applyEdit = (fields: readonly HeaderField[], edit: HeaderEdit): readonly HeaderField[] => {
  if (edit.kind === 'append') return [...fields, edit.field];
  const keys = new Set(edit.keys);
  return fields.filter((field) => !keys.has(field.key));
};

/** A header block with changes made to it, one after the other. */
export const applyEdits = (block: HeaderBlock, edits: readonly HeaderEdit[]): HeaderBlock => ({
  fields: edits.reduce(applyEdit, block.fields),
  rest: block.rest,
});

/** Whether there is a field of that name, in any letter case. */
export const hasField = (block: HeaderBlock, name: string): boolean => {
  const key = name.toLowerCase();
  return block.fields.some((field) => field.key === key);
};
