const isMarkup: unique symbol = Symbol('markup');

/** Markup that may stand in a page as it is: only {@link html} makes it. */
export interface Html {
  readonly markup: string;
  readonly [isMarkup]: true;
}

/** What can stand in a template: a text is escaped, markup is not, and of several one follows the other. */
export type HtmlValue = string | number | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands in a page or in the quotes of an attribute. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? found);

const markupOf = (value: HtmlValue): string => {
  if (typeof value === 'string') return escaped(value.toWellFormed());
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(({ markup }) => markup).join('');
};

/** Makes markup of a template: what we wrote stands as it is, and every value in it is escaped. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => {
  const markup = parts
    .map((part, index) => {
      const value = values[index];
      return value === undefined ? part : `${part}${markupOf(value)}`;
    })
    .join('');
  return { markup, [isMarkup]: true };
};
