import { parseEmailAddress } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { Store } from '../store/store.ts';
import type { MailingList } from './list.ts';
import { parseListSettings } from './parse-settings.ts';
import { stateSettings } from './settings/state.ts';
import { type ListSettings, readListSettings } from './settings.ts';
import { defaultStyle, type Style, styles } from './styles.ts';

/** A list that cannot be made; the message is a sentence for the person who wanted it. */
export class CreateListError extends Error {
  override readonly name = 'CreateListError';
}

/** What making a list needs from outside. */
export interface CreateListContext {
  readonly store: Store;
  readonly site: Site;
  readonly clock: Clock;
}

/** What may be said about a new list. */
export interface CreateListOptions {
  readonly style?: string;
  /** Settings that differ from the style's, as given by a person or a tool. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

// Mailman refuses other characters whatever the site allows (mailman-behaviour.md, section 1).
const nameCharacters = /^[-_.+=!$*{}~0-9a-z]+$/;

/** The parts of a list's posting address, in lower case. */
const parseListName = (fqdn: string, site: Site): Pick<MailingList, 'list_name' | 'mail_host'> => {
  const address = parseEmailAddress(fqdn.trim().toLowerCase());
  if (address === undefined) {
    throw new CreateListError(`"${fqdn}" is not an e-mail address; a list is named like ant@example.com`);
  }
  const at = address.lastIndexOf('@');
  const list_name = address.slice(0, at);
  const siteCharacters = new RegExp(`^${site.mailman.listname_chars}+$`, 'i');
  // Behind the delimiter no name goes on: mail to such a list would be taken for mail to another one.
  const isWrong = (char: string): boolean =>
    char === site.mta.verp_delimiter || !nameCharacters.test(char) || !siteCharacters.test(char);
  const wrong = [...list_name].find(isWrong);
  if (wrong !== undefined) {
    throw new CreateListError(
      `The name of a list cannot have the character "${wrong}", as in "${list_name}"`,
    );
  }
  return { list_name, mail_host: address.slice(at + 1) };
};

const findStyle = (name: string): Style => {
  const style = styles.find((one) => one.name === name);
  if (style === undefined) {
    const known = styles.map((one) => one.name).join(', ');
    throw new CreateListError(`There is no style "${name}"; there is ${known}`);
  }
  return style;
};

/** Amazon SES refuses the account for a sender that it does not know, and then nobody's mail leaves. */
const assertSendable = (host: string, { delivery, ses }: Site): void => {
  if (delivery.transport !== 'ses' || ses.domains.includes(host)) return;
  throw new CreateListError(
    `This site sends through Amazon SES from ${ses.domains.join(', ')} (ses.domains), and not from ${host}`,
  );
};

/** The domain that a list is made on: an alias stands for its domain, and an unknown one is made. */
const registerDomain = async (host: string, { store, site }: CreateListContext): Promise<string> => {
  const known = await store.domains.resolve(host);
  assertSendable(known ?? host, site);
  if (known !== undefined) return known;
  await store.domains.put({ mail_host: host });
  return host;
};

/** The settings that follow from the name of the list, or from the display name that was wished for. */
const namedAfter = (
  listName: string,
  display_name = listName.charAt(0).toUpperCase() + listName.slice(1),
): Pick<ListSettings, 'display_name' | 'subject_prefix'> => ({
  display_name,
  subject_prefix: `[${display_name}] `,
});

/**
 * Makes a mailing list.
 * @throws CreateListError when the name cannot be, or the list exists; SettingError when a setting cannot be.
 */
export const createList = async (
  fqdn: string,
  context: CreateListContext,
  options: CreateListOptions = {},
): Promise<MailingList> => {
  const { store, site, clock } = context;
  const { list_name, mail_host: host } = parseListName(fqdn, site);
  const style = findStyle(options.style ?? defaultStyle);
  const wanted = parseListSettings(options.settings ?? {});
  const mail_host = await registerDomain(host, context);
  const list: MailingList = {
    list_id: `${list_name}.${mail_host}`,
    list_name,
    mail_host,
    created_at: clock.now().toISOString(),
    settings: readListSettings({
      ...namedAfter(list_name, wanted.display_name),
      ...style.settings,
      ...wanted,
    }),
  };
  if (!(await store.lists.create(list))) {
    throw new CreateListError(`There is a list with the id ${list.list_id} already`);
  }
  // The store keeps what a list counts apart from its other settings, and a new list begins with none of it.
  const counted = Object.entries(wanted).filter(([name]) => name in stateSettings);
  if (counted.length > 0) await store.lists.set(list.list_id, Object.fromEntries(counted));
  return list;
};
