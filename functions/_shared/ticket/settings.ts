/**
 * Reads from WX_TICKETS which tickets are kept for which app: `jsapi`, `wx_card` or both joined by `+`; with several apps
 * `wxAAA=jsapi+wx_card,wxBBB=jsapi`.
 */

const TYPES = ['jsapi', 'wx_card'] as const;

export type TicketType = (typeof TYPES)[number];

export interface TicketConfig {
  /** Of the account whose ticket it is. */
  appid: string;
  type: TicketType;
}

export const asTicketType = (value: unknown): TicketType | undefined => TYPES.find((type) => type === value);

/** What a ticket is called: its document, its lines in the log. */
export const ticketId = ({ appid, type }: TicketConfig): string => `${appid}:${type}`;

/** Those that can be read; `refuse` is told the rule of the others, never the value: it may be a secret. */
export function readTickets(
  value: string | undefined,
  appids: readonly string[],
  refuse: (rule: string) => void,
): TicketConfig[] {
  const tickets = new Map<string, TicketConfig>();
  for (const part of partsOf(value, ',')) {
    const at = part.indexOf('=');
    const appid = at < 0 ? only(appids) : part.slice(0, at).trim();
    const types = partsOf(part.slice(at + 1), '+').map(asTicketType);
    if (appid === undefined) refuse(NO_APPID);
    else if (!appids.includes(appid)) refuse(UNKNOWN_APPID);
    else if (types.length === 0 || types.includes(undefined)) refuse(UNKNOWN_TYPE);
    else for (const type of types) tickets.set(ticketId({ appid, type: type! }), { appid, type: type! });
  }
  return [...tickets.values()];
}

const NO_APPID = 'names no AppID, and several apps are configured: write wxAAA=jsapi,wxBBB=jsapi';
const UNKNOWN_APPID =
  'names an AppID that WX_APPID or WX_APPS does not configure: tickets are fetched with the token of an official account, which must be among the apps';
const UNKNOWN_TYPE =
  'must be jsapi, wx_card, or both joined by + (with several apps wxAAA=jsapi,wxBBB=jsapi+wx_card)';

/** Without empty parts: a comma at the end does no harm. */
export function partsOf(list: string | undefined, by: string): string[] {
  return (list ?? '')
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean);
}

function only([first, ...others]: readonly string[]): string | undefined {
  return others.length === 0 ? first : undefined;
}
