/** The value of a setting as text: lists comma by comma, texts of several lines indented below. */
export const settingText = (value: unknown): string => {
  if (value === null || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string')
    return value.includes('\n') ? value.replace(/^/gm, '\n  ').replace(/\n\n/g, '\n') : value;
  if (Array.isArray(value)) {
    if (value.length === 0) return '-';
    return value.every((one) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value);
  }
  return JSON.stringify(value);
};
