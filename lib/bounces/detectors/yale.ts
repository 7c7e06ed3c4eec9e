import { headerOf } from '../bounce-mail.ts';
import { type Detector, detectedIf } from '../detector.ts';

const heading = /-- ?message not delivered to the following/i;
const ending = /-- ?error detail/i;

/** Yale's directory names an account alone. It may be one of the university or of its department, as the report itself explains. */
export const yale: Detector = {
  name: 'yale',
  detect: (mail) => {
    if (!/@(?:[\w-]+\.)*yale\.edu\b/i.test(headerOf(mail.fields, 'from'))) return undefined;
    mail.steps.add(mail.lines.length);
    const start = mail.lines.findIndex((line) => heading.test(line));
    if (start === -1) return undefined;
    const end = mail.lines.findIndex((line, index) => index > start && ending.test(line));
    const accounts = mail.lines.slice(start + 1, end === -1 ? start + 30 : end).flatMap((line) => {
      const [, account = '', said = ''] = /^\s*([a-z][\w.-]{0,63})\s{2,}(\S.*)$/i.exec(line) ?? [];
      return account === '' ? [] : [{ account, said }];
    });
    const domains = ['cs.yale.edu', 'yale.edu'].filter((domain) =>
      mail.lines.some((line) => line.includes(`@${domain}`)),
    );
    return detectedIf(
      accounts.flatMap(({ account, said }) =>
        domains.map((domain) => ({
          address: `${account}@${domain}`,
          kind: 'permanent' as const,
          diagnostic: said,
        })),
      ),
    );
  },
};
