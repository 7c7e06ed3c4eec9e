/** Lets a bounded number of works run at once; the others wait in line. */
export const atOnce = (limit: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const line: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => line.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed over, so that nobody who comes in between can take it.
      const next = line.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};
