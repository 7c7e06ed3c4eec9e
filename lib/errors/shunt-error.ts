/**
 * A mail that cannot go on by itself: a list or bytes that are gone, a message that nobody understands. The function that
 * meets it makes a shunt item of it, with this sentence as the reason (design, rule 12).
 */
export class ShuntError extends Error {
  override readonly name = 'ShuntError';
}
