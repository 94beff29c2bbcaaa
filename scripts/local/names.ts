/** What our functions are called in an environment: FUNCTION_PREFIX keeps them apart from somebody else's. */

import { pick } from '../command/language.ts';

export interface FunctionNames {
  refresh: string;
  get: string;
  /** Deployed only where WX_TICKETS is set. */
  ticket: string;
  /** Deployed only where a server has a key. */
  outside: string;
}

/** The platform takes letters, digits, `-` and `_`, a letter first, at most 60: https://cloud.tencent.com/document/api/583/18586 (read 2026-11-28). */
const PREFIX = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

export function namesWith(prefix: string): FunctionNames {
  return {
    refresh: `${prefix}refreshAccessToken`,
    get: `${prefix}getAccessToken`,
    ticket: `${prefix}getTicket`,
    outside: `${prefix}accessTokenHttp`,
  };
}

/** Empty where none is set. Throws one readable line. */
export function readPrefix(values: Readonly<Record<string, string | undefined>>): string {
  const prefix = values['FUNCTION_PREFIX'] ?? '';
  if (prefix === '' || PREFIX.test(prefix)) return prefix;
  throw new Error(
    pick({
      en: "FUNCTION_PREFIX can't begin the name of a function: use up to 40 letters, digits, - and _, a letter first, as in shop-",
      zh: 'FUNCTION_PREFIX 不能作为函数名的开头：最多 40 个字母、数字、- 和 _，以字母开头，例如 shop-',
    }),
  );
}
