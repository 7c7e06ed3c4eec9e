import { z } from 'zod';

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullable();

/**
 * Which messages of a batch failed, read from what the function returned. The rules are those of "Implementing partial
 * batch responses" in the AWS Lambda developer guide: no list or an empty one is success of all, and everything that
 * cannot be read as a list of identifiers of this batch is failure of all.
 */
export const failedMessages = (
  ids: readonly string[],
  response: string,
  reportsItemFailures: boolean,
): ReadonlySet<string> => {
  // Without ReportBatchItemFailures what a function returns means nothing: that it returned is success.
  if (!reportsItemFailures || response === '') return new Set();
  const all = new Set(ids);
  const parsed = responseSchema.safeParse(parseJson(response));
  if (!parsed.success) return all;
  const failed = new Set((parsed.data?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
  return [...failed].every((id) => all.has(id)) ? failed : all;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
