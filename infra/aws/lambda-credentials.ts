import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles of the functions. Lambda gives a function its credentials in the environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), so that the SDK's search through profiles, single sign-on, containers and instances,
 * with the clients that it brings along, would be 120 KB that never run (decision 21).
 */
export const defaultProvider = (): ReturnType<typeof fromEnv> => fromEnv();
