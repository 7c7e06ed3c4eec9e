import type { BounceKind, BounceReason, NoBounceReason } from './bounce.ts';
import type { BounceMail } from './bounce-mail.ts';

/** An address that a detector found. What it does not say is read out of the diagnostic. */
export interface Found {
  readonly address: string;
  readonly kind?: BounceKind;
  readonly why?: BounceReason;
  readonly code?: string;
  readonly diagnostic?: string;
}

/** What a detector makes of a mail: addresses, the certainty that it is no bounce, or nothing. */
export type Detected =
  | { readonly found: readonly Found[] }
  | { readonly noBounce: NoBounceReason }
  | undefined;

/** One format of bounces. It never throws, and looks at each line of a mail a fixed number of times. */
export interface Detector {
  readonly name: string;
  readonly detect: (mail: BounceMail) => Detected;
}

/** What was found, when anything was. */
export const detectedIf = (found: readonly Found[]): Detected => (found.length === 0 ? undefined : { found });
