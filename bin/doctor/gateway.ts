import { type Check, check, doubtful, type Finding, ill, reasonOf, well } from './check.ts';
import { converse } from './conversation.ts';

/** Where the gateway answers. */
export interface GatewayAddress {
  readonly host: string;
  readonly port: number;
}

/** What the check of the gateway needs. */
export interface GatewayContext {
  /** Undefined when it is not known, because nothing is deployed. */
  readonly gateway: GatewayAddress | undefined;
  /** Whether this machine must be able to reach it; one in a VPC is not there for everybody. */
  readonly mustReach: boolean;
  readonly patienceMs: number;
}

const reach = async ({ gateway, mustReach, patienceMs }: GatewayContext): Promise<Finding> => {
  if (gateway === undefined) return ill('it is not known where it is');
  const address = `${gateway.host}:${gateway.port}`;
  try {
    const { extensions } = await converse({
      ...gateway,
      greeting: 'LHLO',
      security: 'none',
      verifyCertificate: true,
      verifyHost: true,
      login: undefined,
      openMs: patienceMs,
    });
    return well(`${address} answers LHLO with ${extensions.join(', ')}`);
  } catch (error) {
    const says = `${address}: ${reasonOf(error)}`;
    return mustReach
      ? ill(says)
      : doubtful(says, 'Only its clients can reach it; run the doctor on your mail server to be sure.');
  }
};

/** Whether the gateway greets. */
export const gatewayCheck = (context: GatewayContext): Check => check('gateway', () => reach(context));
