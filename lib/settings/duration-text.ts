const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A span of seconds as a person writes it, such as `7d` or `1h30m`. */
export const durationText = (seconds: number): string => {
  if (seconds <= 0) return '0s';
  let rest = seconds;
  let text = '';
  for (const [unit, length] of units) {
    const amount = unit === 's' ? rest : Math.floor(rest / length);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * length;
  }
  return text;
};
