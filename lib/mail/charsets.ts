import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

const decoders = new Map<string, TextDecoder>();

/** Node's decoder of a charset; undefined when it knows none of that name. */
const decoderOf = (charset: string): TextDecoder | undefined => {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(charset);
    // Only names that Node knows get here, so there are some hundred at most.
    decoders.set(charset, decoder);
    return decoder;
  } catch {
    return undefined;
  }
};

/** Whether bytes are UTF-8; when their end was cut off, the last character may be there in part. */
const isUtf8Text = (bytes: Buffer, isCut: boolean): boolean =>
  (isCut ? [0, 1, 2, 3] : [0]).some((part) => isUtf8(bytes.subarray(0, bytes.length - part)));

/**
 * Text from bytes in a charset that a mail names. Node's own decoder knows those of the Encoding Standard, which mail programs use;
 * bytes in another one, or in none, are read as UTF-8 when they are that and as Latin-1 otherwise, which reads anything.
 */
export const textIn = (charset: string, bytes: Buffer, isCut = false): string => {
  const named = charset === '' || charset === 'us-ascii' ? undefined : decoderOf(charset);
  if (named !== undefined) return named.decode(bytes);
  return bytes.toString(isUtf8Text(bytes, isCut) ? 'utf8' : 'latin1');
};
