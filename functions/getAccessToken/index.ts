/** The function getAccessToken: returns the stored access_token to other cloud functions, and to nobody else. */

import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import { readRequest, toReply } from './contract.ts';
import { createDoor } from './door.ts';

export const main = createDoor({
  name: 'getAccessToken',
  noun: 'access_token',
  readRequest,
  answer: async (_, app, { reported }, source) =>
    toReply(app.appid, await getAccessToken(app, reported, source)),
});
