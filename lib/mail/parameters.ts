/**
 * A parameter of a header such as Content-Type (RFC 2045, section 5.1), unquoted; empty when there is none. Written for charset and
 * boundary: continuations and charsets of parameters (RFC 2231) are put together as they are.
 */
export const parameterOf = (value: string, name: string): string => {
  const wanted = name.toLowerCase();
  let continued = '';
  for (const [, key = '', quoted, bare = ''] of value.matchAll(
    /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g,
  )) {
    const found = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    const lower = key.toLowerCase();
    if (lower === wanted) return found;
    if (lower.startsWith(`${wanted}*`)) continued += found.replace(/^[\w-]*'[\w-]*'/, '');
  }
  return continued;
};
