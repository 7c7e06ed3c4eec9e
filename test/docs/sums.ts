/** The value of `2 × (3 + 4)`: numbers with blanks or commas between thousands, + - × / and parentheses. */
const reckon = (text: string): number => {
  const tokens = text.match(/\d[\d,]*(?:\.\d+)?|[-+×/()]/g) ?? [];
  if (tokens.join('') !== text.replaceAll(' ', '')) throw new Error(`"${text}" is no sum`);
  let next = 0;
  const take = (...wanted: readonly string[]): string | undefined => {
    const token = tokens[next];
    if (token === undefined || !wanted.includes(token)) return undefined;
    next += 1;
    return token;
  };
  const factor = (): number => {
    if (take('(') !== undefined) {
      const value = sum();
      if (take(')') === undefined) throw new Error(`"${text}" lacks a parenthesis`);
      return value;
    }
    const value = Number(tokens[next]?.replaceAll(',', ''));
    if (Number.isNaN(value)) throw new Error(`"${text}" is no sum`);
    next += 1;
    return value;
  };
  const product = (): number => {
    let value = factor();
    for (let sign = take('×', '/'); sign !== undefined; sign = take('×', '/')) {
      value = sign === '×' ? value * factor() : value / factor();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let sign = take('+', '-'); sign !== undefined; sign = take('+', '-')) {
      value = sign === '+' ? value + product() : value - product();
    }
    return value;
  };
  const value = sum();
  if (next < tokens.length) throw new Error(`"${text}" is no sum`);
  return value;
};

/**
 * Checks a line such as `two tasks  2 × 9.01 = 18.02`: what is in front of the first two blanks is a name, and the result is right
 * when it is right to the digits that it shows. Blank lines and lines of dashes are skipped.
 */
export const checkSum = (line: string): void => {
  if (/^[-\s]*$/.test(line)) return;
  const [, sum, result] = /^\S.*? {2,}(.*) = ([\d,.]+)$/.exec(line) ?? [];
  if (sum === undefined || result === undefined) throw new Error(`"${line}" is no line of a sum`);
  const shown = result.replaceAll(',', '');
  const digits = shown.includes('.') ? shown.length - shown.indexOf('.') - 1 : 0;
  const value = reckon(sum);
  if (Math.abs(value - Number(shown)) > 0.5000001 * 10 ** -digits) {
    throw new Error(`"${line}" is ${value.toFixed(digits + 2)}`);
  }
};
