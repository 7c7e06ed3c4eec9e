import { addressesIn, formatAddressList } from '../../mail/address-list.ts';
import type { HeaderBlock } from '../../mail/header-block.ts';
import { applyEdits, type HeaderEdit, replace } from '../../mail/header-edits.ts';
import type { CopyStep } from './copy-step.ts';

/**
 * Fields that SES takes once in a mail (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html), and refuses the mail for a second one: "Duplicate
 * header 'List-Unsubscribe'" (https://github.com/WPManageNinja/fluent-smtp/issues/64). From, To, Cc and Reply-To are not among them.
 */
const once: ReadonlySet<string> = new Set(
  `accept-language acceptlanguage archived-at auto-submitted bounces-to comments content-alternative content-base content-class content-description
  content-disposition content-duration content-id content-language content-length content-location content-md5 content-transfer-encoding content-type
  date disposition-notification-options disposition-notification-to errors-to importance in-reply-to keywords list-archive list-help list-id list-owner
  list-post list-subscribe list-unsubscribe list-unsubscribe-post message-context message-id mime-version organization original-from original-message-id
  original-recipient original-subject precedence priority references return-receipt-to sensitivity solicitation subject thread-index thread-topic
  user-agent vbr-info`.split(/\s+/),
);

/** Those of which a second one adds addresses, which nobody shall lose (RFC 5322, section 3.6, allows one of each). */
const addressFields = ['To', 'Cc', 'Reply-To'];

const together = (mail: HeaderBlock): readonly HeaderEdit[] =>
  addressFields.flatMap((name) => {
    const key = name.toLowerCase();
    const count = mail.fields.filter((field) => field.key === key).length;
    return count > 1 ? replace(name, formatAddressList(addressesIn(mail, key))) : [];
  });

/** Keeps the first of each field that SES takes once, as most programs read it; addresses are put together. */
export const onceOnly: CopyStep = (mail) => {
  const seen = new Set<string>();
  const fields = mail.fields.filter(({ key }) => {
    const repeated = once.has(key) && seen.has(key);
    seen.add(key);
    return !repeated;
  });
  return applyEdits({ fields, rest: mail.rest }, together(mail));
};
