import type { Verb } from '../cli/verb.ts';
import type { Finding } from './check.ts';
import { doctorChecks } from './doctor-checks.ts';
import { gatherContext } from './gather.ts';

const marks: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** `doctor` */
export const verb: Verb = {
  summary: 'Look at everything that mail needs to get in and out, a line each.',
  usage: '',
  details:
    'ok: all is well. warn: mail goes on, but look at it. FAIL: mail does not go on, and the exit status is 1. It changes nothing and sends no mail.',
  examples: [
    ['doctor', 'Look at the local stack that runs here, or at the one in AWS.'],
    ['doctor --stack Belfry --json', 'Look at a stack in AWS, and tell a machine.'],
  ],
  options: {},
  run: async ({ options, out, connect }) => {
    const context = await gatherContext({
      connect,
      local: options.flag('local'),
      stack: options.text('stack'),
    });
    const findings = await Promise.all(
      doctorChecks(context).map(async ({ name, run }) => ({ name, ...(await run()) })),
    );
    out.result(
      findings,
      findings
        .map(({ name, state, says, hint }) =>
          [`${marks[state]}  ${name}: ${says}`, ...(hint === undefined ? [] : [`      ${hint}`])].join('\n'),
        )
        .join('\n'),
    );
    const failed = findings.filter(({ state }) => state === 'fail').length;
    if (failed > 0) out.problem(`${failed} of ${findings.length} checks failed`);
  },
};
