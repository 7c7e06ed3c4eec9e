import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import { listVariablesOf } from './list-variables.ts';
import { substitute } from './substitute.ts';
import { type TemplateName, type TemplateVariables, templates } from './templates.ts';
import { wrap } from './wrap.ts';

/** What writing a text needs of the world. */
export interface RenderPorts {
  readonly store: Pick<Store, 'templates'>;
  readonly site: Pick<Site, 'mailman'>;
}

/**
 * Writes a text for a list: the innermost of what list, domain and site have set under its name, else the built-in one, with its
 * variables filled in and wrapped. A text that was set to be empty is empty.
 */
export const renderText = async (
  { name, builtIn }: { readonly name: string; readonly builtIn: string },
  list: MailingList,
  variables: Readonly<Record<string, string>>,
  { store, site }: RenderPorts,
): Promise<string> => {
  const where = { listId: list.list_id, domain: list.mail_host };
  const text = (await store.templates.find(name, where)) ?? builtIn;
  return wrap(substitute(text, { ...listVariablesOf(list, site), ...variables }));
};

/** Writes a text of the table of templates for a list. */
export const renderTemplate = <N extends TemplateName>(
  name: N,
  list: MailingList,
  variables: TemplateVariables<N>,
  ports: RenderPorts,
): Promise<string> => renderText({ name, builtIn: templates[name].text }, list, variables, ports);
