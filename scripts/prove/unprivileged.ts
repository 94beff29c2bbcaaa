/** What a request without any key was answered with. */

import { pick } from '../command/language.ts';
import type { HttpAnswer } from '../deploy/site.ts';
import { NotTried } from './not-tried.ts';

/** Any other status may mean that the address is a wrong one, which says nothing about who is let in. */
export function refusalIn({ status }: HttpAnswer): string {
  if (status === 401 || status === 403) return String(status);
  throw new NotTried(
    pick({
      en: `a request without a key was answered with the status ${status}`,
      zh: `不带密钥的请求得到的状态码是 ${status}`,
    }),
  );
}
