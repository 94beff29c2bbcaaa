/** What troubles an app and the one thing to do next, in English. judge.ts decides which one applies. */

interface TroubleText {
  title: string;
  /** What to do, or why nothing has to be done. */
  todo: string;
}

const troubles = {
  healthy: { title: 'Nothing to do', todo: 'The token is replaced in time.' },
  minting: { title: 'A new token is being fetched', todo: 'It takes a few seconds.' },
  weather: {
    title: 'Nothing to do: it heals by itself',
    todo: 'WeChat could not be reached or is busy. It is tried again automatically; npm run refresh tries it now.',
  },
  down: {
    title: 'WeChat gives no token, and none is left',
    todo: 'It is tried again automatically, and by every caller. If it lasts, check whether the functions can reach api.weixin.qq.com.',
  },
  secret: {
    title: 'Correct the AppSecret',
    todo: 'Copy it again from mp.weixin.qq.com, then npm run setup, then npm run deploy. The new one is tried at once.',
  },
  appid: {
    title: 'Correct the AppID',
    todo: 'Check WX_APPID (it is case-sensitive), then npm run setup and npm run deploy.',
  },
  whitelist: {
    title: 'Add the functions’ IP to the whitelist',
    todo: 'WeChat’s text names it: add that address at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单, and give the functions a fixed egress IP so that it stays. Then npm run refresh.',
  },
  confirm: {
    title: 'Have the administrator confirm the IP',
    todo: 'WeChat asks the account’s administrator to confirm this address. One refusal blocks it for an hour, two for a day.',
  },
  account: {
    title: 'Look for a notice at mp.weixin.qq.com',
    todo: 'WeChat has frozen the account, or disabled this API for it.',
  },
  frozen: {
    title: 'Unfreeze the AppSecret',
    todo: 'At mp.weixin.qq.com; it takes effect after 10 minutes. Then npm run refresh.',
  },
  refused: {
    title: 'Find out why WeChat refuses',
    todo: 'Do what WeChat’s text says, then npm run refresh. npm run doctor says more.',
  },
  quota: {
    title: 'Find out who uses up the quota',
    todo: 'The day’s quota of token calls is used up. It resets at 00:00 UTC+8, and tokens are then fetched again automatically.',
  },
  limit: {
    title: 'Find out who fetches so often',
    todo: 'MINT_LIMIT_PER_DAY is reached: nothing more is fetched today. If you need that many, raise it and npm run deploy.',
  },
  first: {
    title: 'No token yet',
    todo: 'The first tick or the first caller fetches one. npm run refresh does it now.',
  },
  none: { title: 'Fetch a token', todo: 'None is stored. npm run refresh fetches one now.' },
  dead: {
    title: 'Fetch a new token',
    todo: 'The stored one is no longer valid. The next caller fetches one; npm run refresh does it now.',
  },
  late: {
    title: 'Check the timer',
    todo: 'The refresh is overdue: the timer does not tick, or every tick fails. npm run deploy repairs the trigger.',
  },
  lateOutside: {
    title: 'Check what ticks from outside',
    todo: 'The refresh is overdue: no tick comes from outside, or every one fails. Look at what posts to /tick and at the status that it gets; npm run server-key -- list shows whether its key is in force.',
  },
  resting: {
    title: 'Nothing to do: the next caller fetches a token',
    todo: 'Nobody has asked since the stored one was due, and no ticks are meant to come (TICKS=readers). npm run refresh fetches one now.',
  },
  unsettled: {
    title: 'Nothing to do: it heals by itself',
    todo: 'An answer of WeChat was lost, and WeChat may have issued a token that was not received. The stored one is used for 4 minutes from then, and then replaced; npm run refresh waits for that.',
  },
  foreign: {
    title: 'Stop the other system that fetches tokens',
    todo: 'Each invalidates the other’s token. Let it call getAccessToken, or npm run setup -- --mode stable and npm run deploy. Once it is stopped: npm run refresh -- --minter-gone.',
  },
  damaged: {
    title: 'Somebody else wrote to the document',
    todo: 'npm run refresh rewrites it. Then check who has access to the collection.',
  },
  manualRefresh: {
    title: 'A manual refresh is pending',
    todo: 'It has not been carried out yet; npm run refresh does it now.',
  },
  many: {
    title: 'Unusually many tokens today',
    todo: 'npm run status shows who requests them: reports come from callers whose token WeChat refused.',
  },
  unsettledLong: {
    title: 'Fetch a new token',
    todo: 'An answer of WeChat was lost long ago, and nobody has put it right. npm run refresh does it now.',
  },
  leak: {
    title: 'A leaked token is still valid',
    todo: 'It has not been replaced often enough. npm run refresh -- --leaked does it now.',
  },
  future: {
    title: 'What is stored is dated in the future',
    todo: 'The clock that wrote it was ahead. npm run refresh fetches a token now.',
  },
  leftOver: {
    title: 'Not configured here',
    todo: 'Nobody refreshes this token: the app is left over from another configuration. Configure it (WX_APPS), or remove its document.',
  },
} satisfies Record<string, TroubleText>;

export type Trouble = keyof typeof troubles;

export interface TroubleTexts {
  troubles: Record<Trouble, TroubleText>;
  /** Instead of `todo`, where a knob of the sandbox has caused it. */
  ofSandbox: string;
  /** Instead of `todo`, where the timer is that of the embedded cloud. */
  lateHere: string;
}

export const en: TroubleTexts = {
  troubles,
  ofSandbox:
    'A knob of the sandbox has caused this. Switch it off and move the clock on, or run npm run reset: it resets the sandbox.',
  lateHere:
    'The refresh is overdue: the timer runs only while npm start does. npm run refresh fetches a token now.',
};
