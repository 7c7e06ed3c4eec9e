import { runScheduled } from '../../lib/runners/scheduled.ts';
import { openPorts } from '../ports.ts';

const ports = openPorts();

/** Does what is due by the clock: ends holds that are too old. */
export const handler = (): Promise<void> => runScheduled(ports);
