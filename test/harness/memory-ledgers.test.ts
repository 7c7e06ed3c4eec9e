import { describe } from 'vitest';
import { ledgersBehave } from '../store/behaviour/ledgers.ts';
import { parkingBehaves } from '../store/behaviour/parking.ts';
import { memoryLedgers, memoryParking } from './memory-ledgers.ts';

describe('ledgers in memory', () => {
  const ledgers = memoryLedgers();
  ledgersBehave(() => ({ ledgers }));
});

describe('parking in memory', () => {
  const parking = memoryParking();
  parkingBehaves(() => ({ parking }));
});
