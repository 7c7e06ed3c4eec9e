import { randomUUID } from 'node:crypto';

/**
 * The Query protocol of Amazon SES, version 1: a form comes in, XML goes out
 * (https://docs.aws.amazon.com/ses/latest/APIReference/Welcome.html).
 */

/** The parameters of a request. */
export type Parameters = ReadonlyMap<string, string>;

/** What SES answers instead of doing as it is told. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** 400 unless given: the caller's fault. */
  readonly status?: number;
}

/** A value of an answer: lists become `member` elements, maps become `entry` elements. */
export type Answer =
  | string
  | number
  | boolean
  | readonly Answer[]
  | ReadonlyMap<string, Answer>
  | { readonly [key: string]: Answer };

/** Reads the form of a request. */
export const readForm = (body: Buffer): Parameters => new Map(new URLSearchParams(body.toString('latin1')));

/** The texts of a list parameter, `Destinations.member.1` and so on, in the order of their numbers. */
export const membersOf = (parameters: Parameters, name: string): readonly string[] => {
  const found: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = parameters.get(`${name}.member.${index}`);
    if (value === undefined) return found;
    found.push(value);
  }
};

/** The name and value pairs of a list parameter. */
export const pairsOf = (
  parameters: Parameters,
  name: string,
): readonly { readonly name: string; readonly value: string }[] => {
  const found: { name: string; value: string }[] = [];
  for (let index = 1; ; index += 1) {
    const key = parameters.get(`${name}.member.${index}.Name`);
    if (key === undefined) return found;
    found.push({ name: key, value: parameters.get(`${name}.member.${index}.Value`) ?? '' });
  }
};

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[<>&"]/g, (char) => entities[char] ?? char);

const isList = (answer: Answer): answer is readonly Answer[] => Array.isArray(answer);

const inner = (answer: Answer): string => {
  if (answer instanceof Map) {
    return [...answer]
      .map(([key, value]) => `<entry><key>${escaped(key)}</key><value>${inner(value)}</value></entry>`)
      .join('');
  }
  if (isList(answer)) return answer.map((one) => `<member>${inner(one)}</member>`).join('');
  if (typeof answer !== 'object') return escaped(String(answer));
  return Object.entries(answer)
    .map(([name, value]) => `<${name}>${inner(value)}</${name}>`)
    .join('');
};

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** The body of an answer. */
export const answerXml = (action: string, answer: Answer): string =>
  `<${action}Response xmlns="${namespace}"><${action}Result>${inner(answer)}</${action}Result>` +
  `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;

/** The body of a refusal. */
export const refusalXml = ({ code, message, status = 400 }: Refusal): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
  `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>` +
  `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
