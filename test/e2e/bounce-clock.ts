import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// Loaded into the processes of the functions and the gateway by `--import`, beside the bundles that would be deployed and without their knowledge: what
// they read off the clock is the machine's time and what a file says, which the test changes. The test's own process has it too, since it stands in for
// Lambda and Amazon SES, which tell the functions the time as well.

const variable = 'BELFRY_TEST_CLOCK';

const RealDate = Date;

const aheadIn = (file: string): number => {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
};

const move = (file: string): void => {
  const now = (): number => RealDate.now() + aheadIn(file);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, key, self) => (key === 'now' ? now : Reflect.get(target, key, self)),
  });
};

/** A clock of a whole stack that a test moves. */
export interface StackClock {
  /** What the processes of the stack need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Moves it on; nothing may be under way. */
  readonly pass: (days: number) => void;
  /** Gives this process the machine's clock again. */
  readonly stop: () => void;
}

/** Moves the clock of this process to noon (UTC) of tomorrow, and that of every process with its environment; then it goes on as the machine's does. */
export const startClock = (file: string): StackClock => {
  const noon = new RealDate();
  noon.setUTCHours(36, 0, 0, 0);
  let ahead = noon.getTime() - RealDate.now();
  const pass = (days: number): void => {
    ahead += days * 86_400_000;
    writeFileSync(file, String(ahead));
  };
  pass(0);
  move(file);
  return {
    env: { [variable]: file, NODE_OPTIONS: `--import ${pathToFileURL(import.meta.filename)}` },
    pass,
    stop: () => {
      globalThis.Date = RealDate;
    },
  };
};

const given = process.env[variable];
if (given !== undefined) move(given);
