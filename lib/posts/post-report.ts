import type { Store } from '../store/store.ts';
import { type DeliveryReport, type DeliveryReportPorts, reportDelivery } from './delivery-report.ts';
import type { MailRecord } from './mail-record.ts';
import { type MemberReport, type MemberReportPorts, reportMember } from './member-report.ts';

/** What reporting reads. */
export type ReportPorts = DeliveryReportPorts &
  MemberReportPorts & { readonly store: Pick<Store, 'mails' | 'arrivals'> };

/** What became of a mail. */
export interface PostReport {
  readonly record: MailRecord;
  /** How often the same mail came again, and was not taken a second time; undefined when that is forgotten. */
  readonly repeats: number | undefined;
  /** Undefined while the post is not made. */
  readonly delivery: DeliveryReport | undefined;
  readonly member: MemberReport | undefined;
}

/**
 * The mails that a person means by an id or by a Message-ID, with angle brackets or without. One Message-ID may be that of
 * several mails: one for each list it went to.
 */
export const findMails = async (
  store: Pick<Store, 'mails'>,
  named: string,
): Promise<readonly MailRecord[]> => {
  const record = await store.mails.get(named);
  if (record !== undefined) return [record];
  const bare = named.replace(/^<(.*)>$/s, '$1');
  const found = new Map<string, MailRecord>();
  for (const form of new Set([named, bare, `<${bare}>`])) {
    for await (const one of store.mails.byMessageId(form)) {
      // The index cuts what is very long.
      if (one.message_id === form) found.set(one.id, one);
    }
  }
  return [...found.values()];
};

/** Reports what became of a mail, and of one recipient when one is named. */
export const reportPost = async (
  record: MailRecord,
  ports: ReportPorts,
  member?: string,
): Promise<PostReport> => {
  const { id, digest, roster } = record;
  const arrival = digest === undefined ? undefined : await ports.store.arrivals.get(digest);
  return {
    record,
    repeats: arrival?.repeats,
    delivery: roster === undefined ? undefined : await reportDelivery(id, roster, ports),
    member:
      roster === undefined || member === undefined
        ? undefined
        : await reportMember(id, roster, member, ports),
  };
};
