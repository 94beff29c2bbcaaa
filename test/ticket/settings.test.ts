/** WX_TICKETS: what it may say, and what is said of one that can't be used. */

import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';

const ONE = { WX_APPID: 'wxA', WX_APPSECRET: 's' };
const TWO = { WX_APPS: '[{"appid":"wxA","secret":"s"},{"appid":"wxB","secret":"s"}]' };

function read(WX_TICKETS: string | undefined, apps: object = ONE) {
  const result = readConfig({ ...apps, ...(WX_TICKETS === undefined ? {} : { WX_TICKETS }) });
  if (!result.ok) throw new Error(result.problems.join());
  const { tickets, warnings } = result.config;
  return { tickets: tickets.map(({ appid, type }) => `${appid}:${type}`), warnings };
}

describe('WX_TICKETS', () => {
  it.each([
    [undefined, ONE, []],
    ['', ONE, []],
    ['  ', ONE, []],
    ['jsapi', ONE, ['wxA:jsapi']],
    [' jsapi + wx_card ', ONE, ['wxA:jsapi', 'wxA:wx_card']],
    ['wxA=wx_card', ONE, ['wxA:wx_card']],
    ['wxB=jsapi', TWO, ['wxB:jsapi']],
    ['jsapi+,,jsapi,', ONE, ['wxA:jsapi']],
    ['wxA=jsapi,wxA=jsapi+wx_card', ONE, ['wxA:jsapi', 'wxA:wx_card']],
    ['wxA=jsapi+wx_card, wxB = jsapi', TWO, ['wxA:jsapi', 'wxA:wx_card', 'wxB:jsapi']],
  ])('%j names tickets', (value, apps, tickets) => {
    expect(read(value, apps)).toEqual({ tickets, warnings: [] });
  });

  it.each([
    ['sdk', ONE, /must be jsapi, wx_card/],
    ['2', ONE, /must be jsapi, wx_card/],
    ['JSAPI', ONE, /must be jsapi, wx_card/],
    ['wxA', ONE, /must be jsapi, wx_card/],
    ['wxA=', ONE, /must be jsapi, wx_card/],
    ['wxA=jsapi=wx_card', ONE, /must be jsapi, wx_card/],
    ['jsapi wx_card', ONE, /must be jsapi, wx_card/],
    ['jsapi', TWO, /names no AppID, and several apps are configured/],
    ['wxC=jsapi', TWO, /names an AppID that WX_APPID or WX_APPS does not configure/],
    ['wxa=jsapi', ONE, /names an AppID that WX_APPID or WX_APPS does not configure/],
    ['=jsapi', ONE, /names an AppID that WX_APPID or WX_APPS does not configure/],
  ])('%j is refused, and stops no token', (value, apps, problem) => {
    const { tickets, warnings } = read(value, apps);
    expect(tickets).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`^WX_TICKETS ${problem.source}`)) as string]);
  });

  it('keeps the tickets that can be read beside one that can’t', () => {
    const { tickets, warnings } = read('wxA=jsapi,wxGone=jsapi,wx_card', TWO);
    expect(tickets).toEqual(['wxA:jsapi']);
    expect(warnings).toHaveLength(2);
  });

  it('is never quoted: it may be a secret in the wrong place', () => {
    expect(read('0123456789abcdef0123456789abcdef').warnings.join()).not.toContain('0123');
    expect(read('0123456789abcdef=jsapi').warnings.join()).not.toContain('0123');
  });
});
