import type { Verb } from '../cli/verb.ts';
import { namedRequests } from './decide.ts';
import { requestObject } from './request-object.ts';

/** `request defer` */
export const verb: Verb = {
  summary: 'Leave requests as they are: they go on waiting.',
  usage: 'LIST ADDRESS|TOKEN...',
  examples: [['request defer ant@example.com anne@example.org', 'See until when a request waits.']],
  options: {},
  run: async (call) => {
    const { requests } = await namedRequests(call, await call.connect());
    call.out.result(
      requests.map(requestObject),
      requests.map(({ email, expires_at }) => `${email} waits until ${expires_at}.`).join('\n'),
    );
  },
};
