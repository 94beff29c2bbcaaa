/** WX_TICKETS: `jsapi`, `wx_card` or both joined by `+`; with several apps `wxAAA=jsapi+wx_card,wxBBB=jsapi`. */

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

/** None where the variable is wrong: `refuse` is told the rule, never the value, which may be a secret in the wrong place. */
export function readTickets(
  value: string | undefined,
  appids: readonly string[],
  refuse: (rule: string) => void,
): TicketConfig[] {
  const read = parse(value, appids);
  if (typeof read !== 'string') return read;
  refuse(read);
  return [];
}

function parse(value: string | undefined, appids: readonly string[]): TicketConfig[] | string {
  if (value === undefined) return [];
  const tickets: TicketConfig[] = [];
  for (const part of value.split(',').map((text) => text.trim())) {
    const at = part.indexOf('=');
    const appid = at < 0 ? only(appids) : part.slice(0, at).trim();
    if (appid === undefined)
      return 'names no AppID, and several apps are configured: write wxAAA=jsapi,wxBBB=jsapi';
    if (!appids.includes(appid))
      return 'names an AppID that WX_APPID or WX_APPS does not configure: tickets are fetched with the token of an official account, which must be among the apps';
    const names = part.slice(at + 1).split('+');
    for (const type of names.map((name) => asTicketType(name.trim()))) {
      if (type === undefined)
        return 'must be jsapi, wx_card, or both joined by + (with several apps wxAAA=jsapi,wxBBB=jsapi+wx_card)';
      tickets.push({ appid, type });
    }
  }
  return new Set(tickets.map(ticketId)).size < tickets.length ? 'names a ticket twice' : tickets;
}

function only([first, ...others]: readonly string[]): string | undefined {
  return others.length === 0 ? first : undefined;
}
