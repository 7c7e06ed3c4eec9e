import '../end-with-parent.ts';
import { z } from 'zod';
import { startSes } from './ses/server.ts';

// The process of the stub of Amazon SES. It is told by its argument what the template declares and who delivers, tells its port to the
// stack, and ends with it.
const settingSchema = z.object({
  domains: z.array(z.object({ domain: z.string(), mailFrom: z.string() })),
  configurationSet: z.string(),
  topic: z.object({ endpoint: z.string(), arn: z.string() }),
  nextHop: z.object({ host: z.string(), port: z.number() }),
});

const [, , setting = ''] = process.argv;
const { port } = await startSes(settingSchema.parse(JSON.parse(setting)));
process.send?.({ port });
