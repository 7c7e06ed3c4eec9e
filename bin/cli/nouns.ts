import type { Verb } from './verb.ts';

/** A verb is read only when it is called or asked about, so that starting costs little. */
type LazyVerb = () => Promise<{ readonly verb: Verb }>;

/** What one can do something to. A noun without verbs does one thing itself. */
export interface Noun {
  readonly summary: string;
  readonly verbs: Readonly<Record<string, LazyVerb>>;
  readonly itself?: LazyVerb;
}

/** Everything that `npx belfry` can do. */
export const nouns: Readonly<Record<string, Noun>> = {
  list: {
    summary: 'Mailing lists and their settings',
    verbs: {
      create: () => import('../list/create.ts'),
      show: () => import('../list/show.ts'),
      ls: () => import('../list/ls.ts'),
      set: () => import('../list/set.ts'),
      delete: () => import('../list/delete.ts'),
    },
  },
  member: {
    summary: 'Members, owners, moderators and nonmembers of a list',
    verbs: {
      add: () => import('../member/add.ts'),
      sync: () => import('../member/sync.ts'),
      import: () => import('../member/import.ts'),
      invite: () => import('../member/invite.ts'),
      ls: () => import('../member/ls.ts'),
      show: () => import('../member/show.ts'),
      set: () => import('../member/set.ts'),
      remove: () => import('../member/remove.ts'),
      posts: () => import('../member/posts.ts'),
    },
  },
  queue: {
    summary: 'What waits, what is parked, and the shunt: what failed by a defect of Belfry',
    verbs: {
      ls: () => import('../queue/ls.ts'),
      show: () => import('../queue/show.ts'),
      redrive: () => import('../queue/redrive.ts'),
      drop: () => import('../queue/drop.ts'),
      resume: () => import('../queue/resume.ts'),
    },
  },
  address: {
    summary: 'Addresses: whether they are verified, what they wish, and what takes their place',
    verbs: {
      show: () => import('../address/show.ts'),
      set: () => import('../address/set.ts'),
      verify: () => import('../address/verify.ts'),
      unverify: () => import('../address/unverify.ts'),
      change: () => import('../address/change.ts'),
    },
  },
  user: {
    summary: 'Users: people with one or more addresses',
    verbs: {
      ls: () => import('../user/ls.ts'),
      show: () => import('../user/show.ts'),
      create: () => import('../user/create.ts'),
      set: () => import('../user/set.ts'),
      addresses: () => import('../user/addresses.ts'),
      delete: () => import('../user/delete.ts'),
    },
  },
  held: {
    summary: 'Mails that wait for a moderator',
    verbs: {
      ls: () => import('../held/ls.ts'),
      show: () => import('../held/show.ts'),
      accept: () => import('../held/accept.ts'),
      reject: () => import('../held/reject.ts'),
      discard: () => import('../held/discard.ts'),
      claim: () => import('../held/claim.ts'),
      forward: () => import('../held/forward.ts'),
    },
  },
  request: {
    summary: 'Requests to join or to leave a list that wait',
    verbs: {
      ls: () => import('../request/ls.ts'),
      accept: () => import('../request/accept.ts'),
      reject: () => import('../request/reject.ts'),
      discard: () => import('../request/discard.ts'),
      defer: () => import('../request/defer.ts'),
    },
  },
  ban: {
    summary: 'Who may not post to a list or join it, on one list or on all',
    verbs: {
      ls: () => import('../ban/ls.ts'),
      add: () => import('../ban/add.ts'),
      remove: () => import('../ban/remove.ts'),
    },
  },
  bounce: {
    summary: 'Whose mail comes back, and what a mail to the bounce address means',
    verbs: {
      ls: () => import('../bounce/ls.ts'),
      explain: () => import('../bounce/explain.ts'),
    },
  },
  post: {
    summary: 'What became of a mail, and sending it to those who did not get it',
    verbs: {
      show: () => import('../post/show.ts'),
      ls: () => import('../post/ls.ts'),
      resend: () => import('../post/resend.ts'),
      explain: () => import('../post/explain.ts'),
    },
  },
  template: {
    summary: 'What Belfry writes to authors and owners, and your own texts in its place',
    verbs: {
      ls: () => import('../template/ls.ts'),
      show: () => import('../template/show.ts'),
      set: () => import('../template/set.ts'),
      remove: () => import('../template/remove.ts'),
    },
  },
  inject: {
    summary: 'Put a mail into a queue of a list',
    verbs: {},
    itself: () => import('../inject.ts'),
  },
  doctor: {
    summary: 'Check what Belfry needs from outside',
    verbs: {},
    itself: () => import('../doctor.ts'),
  },
};
