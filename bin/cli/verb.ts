import type { Connection } from '../connection/connection.ts';
import type { Output } from './output.ts';

/** An option of a verb. */
export interface Option {
  /** What its value is called in the help; an option without this is a flag. */
  readonly takes?: string;
  /** Whether it may be given several times. */
  readonly multiple?: true;
  readonly doc: string;
}

/** The options that were given. */
export interface OptionValues {
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  readonly all: (name: string) => readonly string[];
}

/** One call of a verb. */
export interface Call {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly out: Output;
  /** Connects to the local stack or to AWS; closed when the verb is done. */
  readonly connect: () => Promise<Connection>;
}

/** What one can do: `npx belfry NOUN VERB`. */
export interface Verb {
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Its arguments, such as `LIST [ADDRESS...]`. */
  readonly usage: string;
  /** What else there is to say, shown by `--help`. */
  readonly details?: string;
  /** What follows `npx belfry`, each with what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  readonly options: Readonly<Record<string, Option>>;
  readonly run: (call: Call) => Promise<void>;
}
