import '../end-with-parent.ts';
import dynalite from 'dynalite';
import { listenOnLoopback } from '../loopback.ts';

// The process of the emulator of DynamoDB. It tells its port to the stack, and ends with it.
const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
process.send?.({ port: await listenOnLoopback(server) });
