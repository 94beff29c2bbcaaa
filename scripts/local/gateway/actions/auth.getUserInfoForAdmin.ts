/** `auth().getEndUserInfo(uid)` and `queryUserInfo`: nobody signs up here, so every user is an anonymous one. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';

const BODY = z.object({ uuid: z.string().optional() });

export const getUserInfoForAdmin: Action = (call) => {
  const { uuid = '' } = readBody(BODY, call);
  return { data: { openId: '', appId: '', uid: uuid, customUserId: '', isAnonymous: true } };
};
