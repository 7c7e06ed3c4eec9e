import { systemClock } from '../../lib/clock/clock.ts';
import type { Site } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import type { Store } from '../../lib/store/store.ts';

const usualDomain = 'example.com';

/** The domain of lists that one can make here: through Amazon SES lists leave from `ses.domains` only. */
export const domainToTry = ({ delivery, ses }: Pick<Site, 'delivery' | 'ses'>): string => {
  const [first = usualDomain] = ses.domains;
  return delivery.transport !== 'ses' || ses.domains.includes(usualDomain) ? usualDomain : first;
};

/** The list that one can post to right after the start. */
export const demoListOn = (domain: string): string => `demo@${domain}`;

/** Its members; the first one writes the post that is proposed. */
export const demoMembers = ['anne@example.org', 'bart@example.org', 'cris@example.org'] as const;

/** Makes the demo list. */
export const makeDemoList = async (store: Store, site: Site): Promise<void> => {
  const list = await createList(demoListOn(domainToTry(site)), { store, site, clock: systemClock });
  await addMembers({ store, clock: systemClock }, list, demoMembers);
};
