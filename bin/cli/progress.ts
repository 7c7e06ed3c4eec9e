import type { Output } from './output.ts';

const stride = 1000;

/** Progress of a long run, told at every thousand, so that a short run tells nothing. */
export const everyThousand = (
  out: Output,
  says: (count: number) => string,
): { readonly step: (count: number) => void; readonly end: () => void } => {
  let told = 0;
  return {
    step: (count) => {
      if (count < told + stride) return;
      told = count - (count % stride);
      out.progress(says(told));
    },
    end: () => {
      // On a terminal the line of the progress is still open.
      if (told > 0 && process.stderr.isTTY) process.stderr.write('\n');
    },
  };
};
