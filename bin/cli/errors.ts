/** A command that was not understood; exit status 2, with a pointer to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command that was understood and cannot be done; exit status 1. The message is a sentence for the person. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : undefined;
};

// What the AWS SDK throws when it looked in all places for credentials, or found such that AWS does not take any more.
const credentialErrors = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
]);

// What is said in sentences for the person. Others are named, because their messages alone tell little.
const sentences = new Set([
  'Error',
  'UsageError',
  'CommandError',
  'SettingError',
  'CreateListError',
  'ShuntError',
  'AddressChangeError',
  'ResendError',
  'ImportError',
]);

/** One line for an error, whoever threw it. */
export const errorLine = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (codeOf(error) === 'ECONNREFUSED') {
    return 'Nothing answers where the local stack was; start it with npm start';
  }
  if (error.message === 'Region is missing') {
    return 'There is no AWS region to look in: set AWS_REGION, or start a local stack (npm start)';
  }
  if (credentialErrors.has(error.name)) {
    return `AWS did not get credentials that it takes (${error.message}); log in, or start the local stack with npm start`;
  }
  const named = sentences.has(error.name) ? error.message : `${error.name}: ${error.message}`;
  return named.replace(/\s*\n\s*/g, ' ');
};
