import '../end-with-parent.ts';
import { buildApp } from 'fauxqs';
import { region } from '../names.ts';
import { keepMessageGroups } from './message-groups.ts';

// The process of the emulator of SQS and S3. It tells its port to the stack, and ends with it.
const app = buildApp({ logger: false, defaultRegion: region });
keepMessageGroups(app);
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
