/**
 * The chains that a list, or the site for all lists, can name as the start for posts. Settings take their values from here and not from
 * the chains themselves, so that the gateway, which reads settings, does not carry every rule. A test holds the two together.
 */
export const startChains = [
  'default-posting-chain',
  'built-in',
  'accept',
  'hold',
  'reject',
  'discard',
] as const;
