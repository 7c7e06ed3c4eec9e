import { type Check, check, doubtful, type Finding, ill, well } from './check.ts';

/** What CloudFormation knows of a stack. */
export interface StackState {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Asks for a stack by name; undefined when there is none. */
export type FindStack = (name: string) => Promise<StackState | undefined>;

/** What the checks of the deployment need. */
export interface DeploymentContext {
  readonly findStack: FindStack;
  /** The name of Belfry's stack. */
  readonly stack: string;
}

// The name that `cdk bootstrap` gives to its stack unless told otherwise, and the output with its version.
const toolkit = { stack: 'CDKToolkit', version: 'BootstrapVersion' };
// Stacks of this CDK ask for at least this version of the bootstrap (docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html).
const leastVersion = 6;

const bootstrap = async ({ findStack, stack }: DeploymentContext): Promise<Finding> => {
  const found = await findStack(toolkit.stack);
  if (found === undefined) {
    // An account may be bootstrapped under another name; a stack that stands shows that it was.
    return (await findStack(stack)) === undefined
      ? ill(
          `there is no stack ${toolkit.stack} here`,
          'Run npx cdk bootstrap once for this account and region.',
        )
      : doubtful(`there is no stack ${toolkit.stack} here, but ${stack} was deployed`);
  }
  const version = Number(found.outputs.get(toolkit.version) ?? 0);
  return version >= leastVersion
    ? well(`version ${version}`)
    : ill(`version ${version} is too old`, 'Run npx cdk bootstrap again.');
};

const deployed = async ({ findStack, stack }: DeploymentContext): Promise<Finding> => {
  const found = await findStack(stack);
  if (found === undefined) return ill(`there is no stack ${stack} here`, 'Run npx cdk deploy.');
  if (/_IN_PROGRESS$/.test(found.status))
    return doubtful(`${stack} is ${found.status}`, 'Wait until it is done.');
  if (found.status === 'UPDATE_ROLLBACK_COMPLETE') {
    return doubtful(
      `${stack} is ${found.status}`,
      'The last deployment failed and was taken back; the events of the stack tell why.',
    );
  }
  return /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(found.status)
    ? well(`${stack} is ${found.status}`)
    : ill(`${stack} is ${found.status}`, 'The events of the stack in CloudFormation tell why.');
};

/** Whether the account is ready for the CDK, and Belfry is there. */
export const deploymentChecks = (context: DeploymentContext): readonly Check[] => [
  check('bootstrap', () => bootstrap(context)),
  check('stack', () => deployed(context)),
];
