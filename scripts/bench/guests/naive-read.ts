/** The getter that goes with it: reads what is stored and returns it. */

import { shared } from './platform.ts';

export async function main(): Promise<object> {
  const token = await shared.read<string>();
  return token === null ? { errcode: -1 } : { errcode: 0, access_token: token };
}
