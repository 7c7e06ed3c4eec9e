import { openStore } from '../lib/store/dynamo-store.ts';
import type { Store } from '../lib/store/store.ts';
import { openPortsWith, type PortsWith } from './open-ports.ts';

/** Everything a function reaches the world by, with the whole store. */
export type Ports = PortsWith<Store>;

/** Opens the ports with the whole store. */
export const openPorts = (): Ports => openPortsWith(openStore);
