import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

const context = () => ({ store: emulators.store, site: readSite(), clock: systemClock });

it('a list is named in lower case, its domain is known from then on, and its settings follow from its name', async () => {
  await createList('Ant@Example.COM', context());
  const found = await emulators.store.lists.byId('ant.example.com');
  expect(found).toMatchObject({
    list_name: 'ant',
    mail_host: 'example.com',
    settings: { display_name: 'Ant', subject_prefix: '[Ant] ', post_id: 1, max_message_size: 40 },
  });
  expect(await emulators.store.domains.resolve('example.com')).toBe('example.com');
});

it('what was wished for is set, also what the list counts by itself', async () => {
  await createList('bee@example.com', context(), {
    settings: { display_name: 'Honey bees', post_id: '120', filter_types: ['image'] },
  });
  expect((await emulators.store.lists.byId('bee.example.com'))?.settings).toMatchObject({
    display_name: 'Honey bees',
    subject_prefix: '[Honey bees] ',
    post_id: 120,
    filter_types: ['image'],
  });
});

it('a list on an alias domain is made on the domain that the alias stands for', async () => {
  await emulators.store.domains.put({ mail_host: 'example.org', alias_domain: 'alias.example.org' });
  const list = await createList('cat@alias.example.org', context());
  expect(list.list_id).toBe('cat.example.org');
});

it.each([
  ['ant', '"ant" is not an e-mail address; a list is named like ant@example.com'],
  ['ant@localhost', '"ant@localhost" is not an e-mail address; a list is named like ant@example.com'],
  ['a t@example.com', '"a t@example.com" is not an e-mail address; a list is named like ant@example.com'],
  ['a#t@example.com', 'The name of a list cannot have the character "#", as in "a#t"'],
  ['a+t@example.com', 'The name of a list cannot have the character "+", as in "a+t"'],
])('a list cannot be named %s', async (name, sentence) => {
  await expect(createList(name, context())).rejects.toThrow(sentence);
});

it('the site may allow more characters, but never those that Mailman refuses', async () => {
  const site = readSite({ mailman: { listname_chars: '[-a-z=/]' } });
  expect((await createList('a=t@example.com', { ...context(), site })).list_id).toBe('a=t.example.com');
  await expect(createList('a/t@example.com', { ...context(), site })).rejects.toThrow('the character "/"');
});

it('through Amazon SES no list leaves whose domain is none of its own: its first mail would stop that of all others', async () => {
  const site = readSite({
    delivery: { transport: 'ses' },
    ses: { domains: ['lists.example.com', 'example.net'] },
  });
  await emulators.store.domains.put({ mail_host: 'example.net', alias_domain: 'alias.example.net' });
  expect((await createList('fly@alias.example.net', { ...context(), site })).list_id).toBe('fly.example.net');
  await expect(createList('fly@stray.example.com', { ...context(), site })).rejects.toThrow(
    'This site sends through Amazon SES from lists.example.com, example.net (ses.domains), and not from stray.example.com',
  );
  expect(await emulators.store.domains.resolve('stray.example.com')).toBeUndefined();
});

it('no list has in its name what parts names from the rest of an address: no mail would ever find it', async () => {
  const plus = readSite({ mailman: { listname_chars: '[a-z+]' } });
  await expect(createList('a+t@example.com', { ...context(), site: plus })).rejects.toThrow(
    'the character "+"',
  );
  const underscore = readSite({ mta: { verp_delimiter: '_', verp_format: '$bounces_$local=$domain' } });
  await expect(createList('a_t@example.com', { ...context(), site: underscore })).rejects.toThrow(
    'the character "_"',
  );
});

it('a list that exists is not made again, also under an address with the same list id', async () => {
  await createList('dog@kennel.example.com', context(), { settings: { description: 'the first' } });
  await expect(createList('dog@kennel.example.com', context())).rejects.toThrow(
    'There is a list with the id dog.kennel.example.com already',
  );
  await expect(createList('dog.kennel@example.com', context())).rejects.toThrow(
    'There is a list with the id dog.kennel.example.com already',
  );
  expect((await emulators.store.lists.byId('dog.kennel.example.com'))?.settings.description).toBe(
    'the first',
  );
});

it.each([
  [undefined, { dmarc_mitigate_action: 'no_mitigation', allow_list_posts: true, advertised: true }],
  ['legacy-default', { dmarc_mitigate_action: 'no_mitigation', allow_list_posts: true, advertised: true }],
  ['legacy-announce', { allow_list_posts: false }],
  [
    'private-default',
    { advertised: false, archive_policy: 'private', subscription_policy: 'confirm_then_moderate' },
  ],
  ['belfry-default', { dmarc_mitigate_action: 'munge_from', allow_list_posts: true }],
])('a list in the style %s begins with what the style says', async (style, settings) => {
  const options = style === undefined ? {} : { style };
  const list = await createList(`${style ?? 'unnamed'}@styles.example.com`, context(), options);
  expect(list.settings).toMatchObject(settings);
});

it('an unknown style, or a setting that cannot be, makes nothing', async () => {
  await expect(createList('emu@new.example.com', context(), { style: 'fancy' })).rejects.toThrow(
    'There is no style "fancy"; there is legacy-default',
  );
  await expect(createList('emu@new.example.com', context(), { settings: { post_id: 0 } })).rejects.toThrow(
    'post_id: 0 is less than 1',
  );
  expect(await emulators.store.domains.resolve('new.example.com')).toBeUndefined();
});
