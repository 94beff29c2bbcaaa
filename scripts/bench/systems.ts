/** Who is measured side by side, and how each is set up. */

export interface System {
  /** Also the name of its function on the embedded cloud. */
  id: string;
  /** In the tables. */
  label: string;
  /** Which file of scripts/bench/guests plays its consumer. */
  guest: string;
  variables: Record<string, string>;
  /** The function that its timer starts, where it has one. */
  timer?: string;
}

const CALLING = 'callFunction for each call';

export const SYSTEMS: readonly System[] = [
  {
    id: 'ours',
    label: 'this project, with its client',
    guest: 'client',
    variables: {},
    timer: 'refreshAccessToken',
  },
  {
    id: 'oursPlain',
    label: `this project, ${CALLING}`,
    guest: 'plain',
    variables: { GETTER: 'getAccessToken' },
    timer: 'refreshAccessToken',
  },
  {
    id: 'coShared',
    label: 'co-wechat-api, shared store',
    guest: 'co-wechat-api',
    variables: { STORE: 'shared' },
  },
  { id: 'coMemory', label: 'co-wechat-api, default', guest: 'co-wechat-api', variables: {} },
  {
    id: 'wechatShared',
    label: 'wechat-api, shared store',
    guest: 'wechat-api',
    variables: { STORE: 'shared' },
  },
  { id: 'wechatMemory', label: 'wechat-api, default', guest: 'wechat-api', variables: {} },
  { id: 'octokit', label: 'pattern of @octokit/auth-app', guest: 'octokit', variables: {} },
  {
    id: 'naive',
    label: `timer writes, getter reads, ${CALLING}`,
    guest: 'plain',
    variables: { GETTER: 'naiveRead' },
    timer: 'naiveRefresh',
  },
];

export const OURS: readonly string[] = ['ours', 'oursPlain'];

/** The functions of the naive system itself, and the ones that time from inside. */
export const HELPERS: readonly Omit<System, 'label'>[] = [
  { id: 'naiveRefresh', guest: 'naive-refresh', variables: {} },
  { id: 'naiveRead', guest: 'naive-read', variables: {} },
  { id: 'insideOurs', guest: 'inside', variables: { TARGET: 'getAccessToken' } },
  { id: 'insideTicket', guest: 'inside', variables: { TARGET: 'getTicket' } },
  { id: 'insideNaive', guest: 'inside', variables: { TARGET: 'naive-read' } },
  { id: 'alone', guest: 'alone', variables: {} },
];
