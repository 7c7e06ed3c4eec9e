import type { DeliveryPlan } from '../../lib/delivery/delivery-plan.ts';

/** The plan of a post to ant@lists.example.com, with what a test wants different. */
export const planOf = (more: Partial<DeliveryPlan> = {}): DeliveryPlan => ({
  personalize: 'none',
  verp: false,
  decorate: true,
  voice: 'post',
  answers_to_author: true,
  list: { address: 'ant@lists.example.com', name: 'Ant' },
  ...more,
});

/** A mail of these header lines and this text. */
export const mailOf = (lines: readonly string[], text = 'Hello.\r\n'): Buffer =>
  Buffer.from(`${lines.map((line) => `${line}\r\n`).join('')}\r\n${text}`);

/** The header lines of a mail with these names, unfolded, as `Name: value`. */
export const linesOf = (mail: Buffer, ...names: readonly string[]): readonly string[] => {
  const [header = ''] = mail.toString('latin1').split('\r\n\r\n');
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return header
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .filter((line) => wanted.has(line.slice(0, line.indexOf(':')).toLowerCase()));
};

/** The body of a mail. */
export const bodyOf = (mail: Buffer): string => {
  const text = mail.toString('latin1');
  return text.slice(text.indexOf('\r\n\r\n') + 4);
};

/** Makes clients that are opened from now on talk to this SES, as the local stack does it: by the SDK's own variables. */
export const pointSdkTo = (endpoint: string): void => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SES: endpoint,
  });
};
