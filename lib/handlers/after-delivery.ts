import type { Handler } from './handler.ts';

/** The list counts the post: its number and the time of the last post. A crash may leave a gap in the numbers. */
export const afterDelivery: Handler = {
  name: 'after-delivery',
  process: () => [{ kind: 'take-number' }],
};
