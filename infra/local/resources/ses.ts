import { z } from 'zod';
import type { SesSetting } from '../emulators/ses/actions.ts';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template, TemplateError } from '../template.ts';

const identitySchema = z.looseObject({
  EmailIdentity: z.string(),
  MailFromAttributes: z.looseObject({ MailFromDomain: z.string() }),
});

const destinationSchema = z.strictObject({
  ConfigurationSetName: z.string(),
  EventDestination: z.looseObject({
    Enabled: z.literal(true),
    SnsDestination: z.strictObject({ TopicARN: z.string() }),
  }),
});

/** What the template declares of Amazon SES. */
export type SesSpec = Omit<SesSetting, 'nextHop' | 'topic'> & { readonly topicArn: string };

/** What the template declares of Amazon SES; undefined when mail leaves by a relay. */
export const sesOf = (template: Template, names: Names): SesSpec | undefined => {
  const [destination, ...others] = ofType(template, 'AWS::SES::ConfigurationSetEventDestination');
  if (destination === undefined) return undefined;
  if (others.length > 0) throw new TemplateError('The stub of SES has one destination of events');
  const [id, { Properties }] = destination;
  const { ConfigurationSetName, EventDestination } = propertiesOf(
    destinationSchema,
    id,
    resolved(Properties, names),
  );
  return {
    configurationSet: ConfigurationSetName,
    topicArn: EventDestination.SnsDestination.TopicARN,
    // Domains are verified at once: nobody here has a DNS to publish records in.
    domains: ofType(template, 'AWS::SES::EmailIdentity').map(([identity, resource]) => {
      const { EmailIdentity, MailFromAttributes } = propertiesOf(
        identitySchema,
        identity,
        resolved(resource.Properties, names),
      );
      return { domain: EmailIdentity, mailFrom: MailFromAttributes.MailFromDomain };
    }),
  };
};
