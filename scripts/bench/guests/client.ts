/** This project, by its client: what a user's function imports. */

import { createWeChat } from '../../../functions/getAccessToken/client.ts';
import { app, wechatUrl } from './platform.ts';
import { serve } from './serve.ts';

const wechat = createWeChat({ app, baseUrl: wechatUrl });

export const main = serve({
  token: wechat.accessToken,
  async call() {
    const { errcode = 0 } = await wechat.get<{ errcode?: number }>('/cgi-bin/getcallbackip');
    return errcode;
  },
});
