import type { Clock } from '../clock/clock.ts';
import { LaterError } from '../errors/later-error.ts';
import type { ChunkMessage } from '../queue/messages.ts';

/**
 * Says that somebody else has a chunk that was ours. Its message is not done with: that one may die as well, and then nothing else would stand
 * for the chunk. The message comes again, and the ledger tells how long to wait, or that there is nothing to do any more.
 */
export const lostChunk = ({ chunk }: Pick<ChunkMessage, 'chunk'>, clock: Clock): LaterError =>
  new LaterError(`Chunk ${chunk} has another holder by now`, new Date(clock.now().getTime() + 1000));
