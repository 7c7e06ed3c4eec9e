/**
 * Makes one call of many that wait together. While one is under way, whoever asks waits for the next, which begins when that one has ended and
 * serves all of them. The call that serves somebody never began before they asked, so that what they had to say is in it.
 */
export const coalesced = <T>(call: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const begin = (): Promise<T> => {
    const mine = call().finally(() => {
      if (underWay === mine) underWay = undefined;
    });
    underWay = mine;
    return mine;
  };

  return () => {
    if (underWay === undefined) return begin();
    const after = (): Promise<T> => {
      next = undefined;
      return begin();
    };
    // That the one before failed is told to those who waited for it, and says nothing of the next.
    next ??= underWay.then(after, after);
    return next;
  };
};
