// What Node and the AWS SDK name errors of the network. They say nothing about the mail at hand.
const networkErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'TimeoutError',
  'AbortError',
]);

/**
 * True when an error is about a service that we need and not about the mail: the AWS SDK got an error or no answer. The
 * message is left on its queue, and comes back. Everything else is a defect of ours and goes to the shunt.
 */
export const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ('$metadata' in error) return true;
  if (networkErrors.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && networkErrors.has(error.code)) return true;
  return error.cause !== undefined && isOutage(error.cause);
};
