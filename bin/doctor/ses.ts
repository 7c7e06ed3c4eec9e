import type { Site } from '../../lib/config/site.ts';
import { type Check, check, doubtful, type Finding, ill, well } from './check.ts';
import { type DnsResolver, orNone } from './domains.ts';

/** What Amazon SES knows of a domain. */
export interface SesIdentity {
  /** Such as `Success` or `Pending`; undefined when SES does not know the domain. */
  readonly verification: string | undefined;
  readonly dkim: string | undefined;
  readonly dkimTokens: readonly string[];
  readonly mailFrom: string | undefined;
  readonly mailFromStatus: string | undefined;
}

/** What the checks of SES ask. */
export interface SesAsked {
  /** Whether the account's owner lets it send. */
  readonly sendingEnabled: () => Promise<boolean>;
  readonly identity: (domain: string) => Promise<SesIdentity>;
}

/** What the checks of SES need. */
export interface SesContext {
  readonly site: Site;
  /** The mail domains of the lists. */
  readonly domains: readonly string[];
  readonly ses: SesAsked;
  /** Undefined where there is no DNS to look at: on the local stack. */
  readonly resolver: DnsResolver | undefined;
}

const enabled = async ({ ses }: SesContext): Promise<Finding> =>
  (await ses.sendingEnabled())
    ? well('switched on')
    : ill(
        'sending is switched off for the account',
        'Posts wait. When you know why: aws ses update-account-sending-enabled --enabled.',
      );

const identity = async (domain: string, { ses, site }: SesContext): Promise<Finding> => {
  const known = await ses.identity(domain);
  if (known.verification === undefined) {
    return site.ses.domains.includes(domain)
      ? ill('Amazon SES does not know it', 'Run npx cdk deploy.')
      : ill(
          'it has lists, and is not in ses.domains',
          'SES refuses their mail; add it, deploy, and set its DNS records.',
        );
  }
  if (known.verification !== 'Success' || known.dkim !== 'Success') {
    return ill(
      `verification ${known.verification}, DKIM ${known.dkim ?? 'not set up'}`,
      'SES looks for the three DKIM records, for up to 72 hours; the outputs of the stack name them.',
    );
  }
  if (known.mailFromStatus !== 'Success') {
    return doubtful(
      `verified; MAIL FROM ${known.mailFrom ?? 'not set up'} ${known.mailFromStatus ?? ''}`.trimEnd(),
      'Until its records are there, mail leaves under amazonses.com and is aligned by DKIM alone.',
    );
  }
  return well(`verified, signed, MAIL FROM ${known.mailFrom}`);
};

const dkim = async (domain: string, resolver: DnsResolver, { ses }: SesContext): Promise<Finding> => {
  const { dkimTokens } = await ses.identity(domain);
  if (dkimTokens.length === 0) return ill('Amazon SES has no DKIM keys for it');
  const missing: string[] = [];
  for (const token of dkimTokens) {
    const name = `${token}._domainkey.${domain}`;
    const [target] = await orNone(resolver.resolveCname(name));
    // The target is a host of SES in this region; its name begins with the token.
    if (target?.toLowerCase().startsWith(`${token}.dkim.`) !== true) missing.push(name);
  }
  return missing.length === 0
    ? well(`${dkimTokens.length} records`)
    : ill(`no CNAME ${missing.join(', ')}`, 'The outputs of the stack tell what to set.');
};

const mailFrom = async (domain: string, resolver: DnsResolver, { site }: SesContext): Promise<Finding> => {
  const name = `${site.ses.mail_from}.${domain}`;
  const exchanges = (await orNone(resolver.resolveMx(name))).map(({ exchange }) => exchange);
  if (exchanges.length === 0) {
    return doubtful(`no MX record of ${name}`, 'The outputs of the stack tell what to set.');
  }
  // With any other MX record beside it the domain counts as not set up (docs.aws.amazon.com/ses/latest/dg/mail-from.html).
  const strangers = exchanges.filter((one) => !/^feedback-smtp\.[\w-]+\.amazonses\.com\.?$/i.test(one));
  if (strangers.length > 0) {
    return ill(
      `${name} has the MX record ${strangers.join(', ')}`,
      'A MAIL FROM domain has one MX record, that of SES, and receives no mail; choose another ses.mail_from.',
    );
  }
  const texts = (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join(''));
  const spf = texts.find((text) => /^v=spf1(?: |$)/i.test(text));
  if (spf?.includes('include:amazonses.com') !== true) {
    return doubtful(
      `${name} has no SPF record for SES`,
      `Publish ${name} TXT "v=spf1 include:amazonses.com ~all".`,
    );
  }
  return well(name);
};

/** Whether Amazon SES sends for the domains of the lists, a line each; nothing when mail leaves otherwise. */
export const sesChecks = (context: SesContext): readonly Check[] => {
  const { site, resolver } = context;
  if (site.delivery.transport !== 'ses') return [];
  const domains = [...new Set([...site.ses.domains, ...context.domains])];
  return [
    check('SES sending', () => enabled(context)),
    ...domains.map((domain) => check(`SES identity ${domain}`, () => identity(domain, context))),
    ...(resolver === undefined
      ? []
      : site.ses.domains.flatMap((domain) => [
          check(`DKIM of ${domain}`, () => dkim(domain, resolver, context)),
          check(`MAIL FROM of ${domain}`, () => mailFrom(domain, resolver, context)),
        ])),
  ];
};
