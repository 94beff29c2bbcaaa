/** Door 2: other cloud functions ask here for the stored access_token, and nobody else gets it. */

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
