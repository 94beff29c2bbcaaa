/** Judges the signature of a page as WeChat's client does at `wx.config`. */

import { createHash } from 'node:crypto';
import type { Account } from './account.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { livingTickets, type TicketValue } from './tickets.ts';

/** What the page gave to `wx.config`, and where the browser is. */
export interface SignedPage {
  url: string;
  timestamp: number | string;
  nonceStr: string;
  signature: string;
}

/**
 * The domain is looked at first, so that a mini program's AppID is refused for its domain whatever is signed: seen at
 * https://developers.weixin.qq.com/community/develop/doc/000a06e1ad82280972b98f9c359400 (read 2026-11-28).
 */
export function verifyPage(
  account: Account,
  { url, timestamp, nonceStr, signature }: SignedPage,
  valueOf: TicketValue,
  nowMs: number,
): Refusal {
  if (account.kind === 'mini' || !isOwnDomain(url, account.jsDomains)) return refuse(40048);
  // The client knows where it is, and leaves the fragment out itself.
  const [signed] = url.split('#');
  const isSigned = livingTickets(account, valueOf, nowMs).some(
    (ticket) =>
      sha1(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${signed}`) === signature,
  );
  return isSigned ? { errcode: 0, errmsg: 'ok' } : refuse(63002);
}

/**
 * `example.com` covers its subdomains, `example.com/app` that path. Own decision, after how the console's field is
 * commonly described; undefined: any address of the web.
 */
function isOwnDomain(url: string, domains: readonly string[] | undefined): boolean {
  const { protocol, hostname, pathname } = URL.canParse(url) ? new URL(url) : NOWHERE;
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return (domains ?? [hostname]).some((domain) => {
    const [name = '', ...path] = domain.split('/');
    const host = name.toLowerCase();
    const isHost = hostname === host || hostname.endsWith(`.${host}`);
    return isHost && `${pathname}/`.startsWith(['', ...path, ''].join('/'));
  });
}

const NOWHERE = { protocol: '', hostname: '', pathname: '' };

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
