import { defaultOwnerPipeline } from './default-owner-pipeline.ts';
import { defaultPostingPipeline } from './default-posting-pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import { virgin } from './virgin.ts';

/** Every pipeline that a list or a record can name. A new one is one file and one line here. */
export const pipelines: readonly Pipeline[] = [defaultPostingPipeline, defaultOwnerPipeline, virgin];
