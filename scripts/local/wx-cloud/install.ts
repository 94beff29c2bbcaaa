/** Stands in for `wx.cloud` in a mini program, and asks an embedded cloud. Runs in the mini program; bundled by script.ts. */

import { api } from './api.ts';
import { createAsk, type Place, type Wx } from './ask.ts';
import { createDatabase } from './database.ts';
import { createFiles } from './files.ts';
import { refusing, throwing } from './not-here.ts';

export function install(wx: Wx, place: Place) {
  const ask = createAsk(wx, place);
  const database = createDatabase(ask);
  const cloud = {
    /** Who the user is, from the next call on: `wx.cloud.openid = 'oSomebodyElse'`. */
    get openid(): string {
      return place.openid;
    },
    set openid(openid: string) {
      place.openid = openid;
    },
    init: () => undefined,
    database: () => database,
    callFunction: api('cloud.callFunction', async (options: { name: string; data?: object }) => {
      const answer = await ask(`/call/${encodeURIComponent(options.name)}`, options.data ?? {});
      if ('result' in answer) return { result: answer['result'] };
      throw new Error(String(answer['errMsg'] ?? answer['problem']).replace('cloud.callFunction:fail ', ''));
    }),
    callContainer: refusing('cloud.callContainer'),
    connectContainer: refusing('cloud.connectContainer'),
    CloudID: throwing('cloud.CloudID'),
    CDN: throwing('cloud.CDN'),
    ...createFiles(wx, ask),
  };
  Object.defineProperty(wx, 'cloud', { value: cloud, configurable: true });
  return cloud;
}
