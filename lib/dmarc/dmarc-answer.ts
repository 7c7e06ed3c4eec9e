/** What DNS says of the domain of an author. */
export type DmarcAnswer =
  /** Neither the domain nor the organizational domain above it says anything, or says it in one voice. */
  | { readonly kind: 'none'; readonly domain: string }
  /** A policy (RFC 7489, section 6.3), and the domain at which it was found. */
  | {
      readonly kind: 'policy';
      readonly domain: string;
      readonly policy: 'none' | 'quarantine' | 'reject';
      readonly foundAt: string;
    }
  /** DNS did not answer in time, or answered that it cannot. */
  | { readonly kind: 'failed'; readonly domain: string; readonly why: string };
