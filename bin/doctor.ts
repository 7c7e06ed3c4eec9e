import { columns } from './cli/output.ts';
import { exactly } from './cli/parse.ts';
import type { Verb } from './cli/verb.ts';
import { doctorChecks } from './doctor/doctor-checks.ts';

/** `doctor` */
export const verb: Verb = {
  summary: 'Check what Belfry needs from outside, a line for each thing.',
  usage: '',
  details: [
    'On AWS: bootstrap, stack, table, bucket, queues, gateway, relay, the sandbox and quota of SES, DNS records of the domains;',
    'on the local stack: its services, the gateway and the relay. The exit status is 1 when something fails.',
  ].join('\n'),
  examples: [
    ['doctor', 'Check the local stack, or the one in AWS.'],
    ['doctor --stack Belfry --json', 'Check the one in AWS, for machines.'],
  ],
  options: {},
  run: async ({ args, options, out }) => {
    exactly(args);
    const { doctorContext } = await import('./connection/doctor-context.ts');
    const { context, close } = await doctorContext({
      local: options.flag('local'),
      stack: options.text('stack'),
    });
    try {
      const findings = await Promise.all(
        doctorChecks(context).map(async ({ name, run }) => ({ name, ...(await run()) })),
      );
      out.result(
        findings,
        columns(
          findings.map(({ state, name, says, hint }) => [
            state,
            name,
            hint === undefined ? says : `${says}. ${hint}`,
          ]),
        ),
      );
      const failed = findings.filter(({ state }) => state === 'fail').length;
      if (failed > 0) out.problem(`${failed} of ${findings.length} checks failed`);
    } finally {
      close();
    }
  },
};
