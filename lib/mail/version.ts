/**
 * What X-Mailman-Version says: the Mailman whose conduct a post can count on, which is what mail filters look for, and the
 * Belfry that made it. A test holds it against package.json.
 */
export const version = '3.3.8 (Belfry 0.1.0)';
