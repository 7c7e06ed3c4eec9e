import { startEmulators } from '../harness/emulators.ts';
import { storeBehaves } from './store-behaves.ts';

// Here in dynalite; test/e2e/dynamodb-local.test.ts does the same in AWS's own DynamoDB Local.
storeBehaves(startEmulators);
