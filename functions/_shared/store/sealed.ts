/** How a token is stored: sealed with a key, or in clear where none is configured. */

/** As stored; all but `kid` in base64. */
export interface SealedValue {
  /** Which key: the beginning of its SHA-256, which reveals nothing about it. */
  kid: string;
  iv: string;
  tag: string;
  data: string;
}

export type Opened = { ok: true; value: string } | { ok: false; why: string };

export interface TokenCipher {
  /** The value as it is stored: in clear where no key is configured. */
  seal(appid: string, value: string): string | SealedValue;
  open(appid: string, stored: string | SealedValue): Opened;
}

/** Without a key nothing is sealed, and what is sealed stays closed. */
export const inClear: TokenCipher = {
  seal: (_appid, value) => value,
  open: (_appid, stored) =>
    typeof stored === 'string'
      ? { ok: true, value: stored }
      : { ok: false, why: 'sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold' },
};
