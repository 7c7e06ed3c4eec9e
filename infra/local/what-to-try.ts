import { demoListOn, demoMembers } from './demo-list.ts';
import type { SesPlace } from './ses.ts';
import type { Relay } from './site-overrides.ts';

/** Where the parts of the stack that a person meets are. */
export interface Places {
  readonly lmtp: string;
  /** The web pages that mails link to; undefined when the site has none. */
  readonly web: string | undefined;
  readonly relay: Relay;
  /** The web page of the mail catcher, when it is what mail is delivered to. */
  readonly catcher: string | undefined;
  readonly demo: boolean;
  /** The domain that lists can have. */
  readonly domain: string;
  /** The stub of Amazon SES, when mail goes through it. */
  readonly ses: SesPlace | undefined;
}

/** What the stack prints when it is ready: the next things to do, ready to be pasted. */
export const whatToTry = ({ lmtp, web, relay, catcher, demo, domain, ses }: Places): string => {
  const [author] = demoMembers;
  const list = demo ? demoListOn(domain) : `ant@${domain}`;
  const lines = [
    '',
    `Mail comes in by LMTP at ${lmtp}.`,
    catcher === undefined
      ? `Mail goes out to the relay ${relay.host}:${relay.port}.`
      : `Mail goes out to the mail catcher: see it at ${catcher}`,
    ...(ses === undefined
      ? []
      : [
          `Before that it passes a stub of Amazon SES, which does as it is told at ${ses.control}, for instance:`,
          `  curl ${ses.control}/fates -d '{"recipient": "anne@example.org", "fate": "permanent"}'`,
        ]),
    ...(web === undefined ? [] : [`The links in those mails lead to web pages at ${web}.`]),
    '',
    'Try:',
    ...(demo
      ? []
      : [`  npx belfry list create ${list}`, `  npx belfry member add ${list} ${demoMembers.join(' ')}`]),
    `  swaks --protocol LMTP --server ${lmtp} --from ${author} --to ${list} --header 'Subject: Hello'`,
    `  npx belfry member ls ${list}`,
    '  npx belfry queue ls',
    '',
    'Logs are in .belfry/log. Ctrl-C ends it all, and nothing is kept.',
  ];
  return lines.join('\n');
};
