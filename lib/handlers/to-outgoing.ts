import { listAddress } from '../lists/list.ts';
import type { Handler } from './handler.ts';

/** The post is made: it goes out with the -bounces address of the list as its envelope sender (mailman-behaviour.md, section 11.3). */
export const toOutgoing: Handler = {
  name: 'to-outgoing',
  process: ({ list }) => [{ kind: 'send-out', sender: listAddress(list, 'bounces') }],
};
