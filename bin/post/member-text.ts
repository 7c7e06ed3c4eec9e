import type { MemberReport } from '../../lib/posts/member-report.ts';

const attemptsText = (count: number): string => (count === 1 ? '1 attempt' : `${count} attempts`);

/** How it stands with one recipient, in a sentence. */
export const memberText = (report: MemberReport, address: string): string => {
  if (report.kind === 'expired') return `what became of ${address} has expired`;
  if (report.kind === 'no recipient') return `${address} is no recipient of this post`;
  const why = report.why === undefined ? '' : `: ${report.why} (${report.reply})`;
  const after = report.attempts === 0 ? '' : ` after ${attemptsText(report.attempts)}`;
  switch (report.state) {
    case 'delivered':
      return `delivered to ${address}`;
    case 'waits': {
      const next = report.next_attempt_at === undefined ? '' : ` at ${report.next_attempt_at}, and`;
      return `not delivered to ${address} yet${after}${why}; tried again${next} until ${report.give_up_at ?? 'it is given up'}`;
    }
    case 'refused':
      return `not delivered to ${address}${why}`;
    case 'given up':
      return `not delivered to ${address}${after}${why}`;
    case 'left':
      return `${address} had left the list before the post could be delivered`;
    case 'not tried':
      return `not tried for ${address} yet`;
  }
};
