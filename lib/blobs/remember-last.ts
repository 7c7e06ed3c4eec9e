import type { Blobs } from './blobs.ts';
import { postPrefix } from './keys.ts';

/**
 * Remembers the post that was read last, so that the chunks of one post do not fetch its bytes again and again. One post at
 * most is held; posts are never changed once they are written.
 */
export const rememberLast = (blobs: Blobs): Blobs => {
  let last: { readonly key: string; readonly bytes: Promise<Buffer | undefined> } | undefined;
  return {
    ...blobs,
    get: (key) => {
      if (!isPost(key)) return blobs.get(key);
      if (last?.key === key) return last.bytes;
      const bytes = blobs.get(key);
      const mine = { key, bytes };
      last = mine;
      // A failure is not remembered.
      bytes
        .then((found) => found !== undefined)
        .catch(() => false)
        .then((worthKeeping) => {
          if (!worthKeeping && last === mine) last = undefined;
        });
      return bytes;
    },
  };
};

const isPost = (key: string): boolean => key.startsWith(postPrefix);
