import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { need, needRoot } from './needs.ts';

const run = promisify(execFile);

/** The services that every Postfix has, without chroot: the folder of an instance holds no copy of the system's files. */
const services = `
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
`;

/** A Postfix of its own, on the loopback, with all that it writes in a temporary folder. */
export interface PostfixInstance {
  readonly port: number;
  /** What it logged. */
  readonly log: () => string;
  /** What waits in its queue; undefined when nothing does. */
  readonly waiting: () => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts an instance; `main` and `master` are added to what an instance needs to keep out of the system's way. It listens on a free port, or on the one that
 * somebody knows already who sends to it.
 */
export const startPostfix = async (
  name: string,
  main: string,
  master = '',
  known?: number,
): Promise<PostfixInstance> => {
  needRoot();
  const postfix = need('postfix');
  const root = mkdtempSync(join(tmpdir(), `belfry-${name}-`));
  // The daemons give up root and must still find their way.
  chmodSync(root, 0o755);
  const config = join(root, 'etc');
  for (const folder of ['etc', 'spool', 'lib']) mkdirSync(join(root, folder));
  const port = known ?? (await freePort());
  await run('chown', ['postfix', join(root, 'lib')]);
  const log = join(root, 'log');
  writeFileSync(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${root}/spool
data_directory = ${root}/lib
maillog_file = ${log}
maillog_file_prefixes = ${root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = ${name}.test
mydestination =
alias_maps =
alias_database =
biff = no
${main}
`,
  );
  writeFileSync(join(config, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd${services}${master}\n`);
  const command = (...args: readonly string[]) => run(postfix, ['-c', config, ...args]);
  const logged = (): string => readFileSync(log, 'utf8');
  try {
    await command('start');
  } catch (error) {
    rmSync(root, { recursive: true });
    throw new Error(`Postfix did not start: ${error instanceof Error ? error.message : error}`);
  }
  return {
    port,
    log: logged,
    waiting: async () => {
      const { stdout } = await run('postqueue', ['-c', config, '-p']);
      return stdout.includes('Mail queue is empty') ? undefined : stdout;
    },
    stop: async () => {
      await command('stop');
      rmSync(root, { recursive: true });
    },
  };
};
