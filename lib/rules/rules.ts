import { loop } from './loop.ts';
import { maxSize } from './max-size.ts';
import { noSenders } from './no-senders.ts';
import { noSubject } from './no-subject.ts';
import { ownerLoop } from './owner-loop.ts';
import type { Rule } from './rule.ts';
import { truth } from './truth.ts';

/** Every rule that a chain can name. A new rule is one file and one line here. */
export const rules: readonly Rule[] = [noSenders, loop, maxSize, noSubject, ownerLoop, truth];
