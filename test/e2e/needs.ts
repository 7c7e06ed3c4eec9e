import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A thing that an end-to-end test cannot do without, and the way to it. */
interface Need {
  readonly file: string;
  readonly from: string;
}

/** What the end-to-end tests need beyond Node, and the packages of Debian that bring it. */
const programs = {
  postfix: { file: 'postfix', from: 'apt-get install postfix' },
  swaks: { file: 'swaks', from: 'apt-get install swaks' },
  java: { file: 'java', from: 'apt-get install default-jdk-headless' },
  javac: { file: 'javac', from: 'apt-get install default-jdk-headless' },
  chromium: { file: 'chromium', from: 'apt-get install chromium' },
  git: { file: 'git', from: 'apt-get install git' },
  npm: { file: 'npm', from: 'Node of 20 or later' },
} as const satisfies Readonly<Record<string, Need>>;

const isRunnable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

// Debian keeps the programs of administrators where the path of other users does not lead.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Where a program lies; a test that needs it fails with the way to get it, and is never skipped. */
export const need = (name: keyof typeof programs): string => {
  const { file, from } = programs[name];
  const found = folders.map((folder) => join(folder, file)).find(isRunnable);
  if (found === undefined) {
    throw new Error(`This test needs ${file}, which is not on this machine: ${from} (.ci/run does it)`);
  }
  return found;
};

/** Where something lies that no package of Debian installs, by the environment variable that tells. */
export const needGiven = (variable: string, what: string): string => {
  const given = process.env[variable];
  if (given === undefined || given === '') {
    throw new Error(`This test needs ${what}, whose place ${variable} tells (.ci/run fetches it)`);
  }
  return given;
};

/** A file that a test reads from outside the checkout. */
export const needFile = (file: string, what: string): void => {
  if (!existsSync(file)) throw new Error(`This test needs ${what}: ${file}`);
};

/** Postfix and Exim start as root and give that up by themselves. */
export const needRoot = (): void => {
  if (process.getuid?.() !== 0) throw new Error('This test starts a mail server, and must be run by root');
};
