/** Prints what accessToken() costs when the token is in memory: `npx tsx test/client/warm-bench.ts`. */

import { createWeChat } from '../../functions/getAccessToken/client.ts';
import { tokenReply } from './harness.ts';

const CALLS = 2_000_000;
const ROUNDS = 9;

const wechat = createWeChat({ app: { callFunction: async () => ({ result: tokenReply('t1') }) } });

async function measure(call: () => unknown): Promise<number> {
  // Processor time: a machine that has other things to do doesn't change it much.
  const started = process.cpuUsage();
  for (let n = 0; n < CALLS; n += 1) await call();
  const { user, system } = process.cpuUsage(started);
  return ((user + system) * 1_000) / CALLS;
}

const shared = Promise.resolve('t1');
const rows: [string, () => unknown][] = [
  ['await accessToken()', () => wechat.accessToken()],
  ['await of a promise that is there', () => shared],
];
for (const [name, call] of rows) {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(call));
  const [least = 0, middle = 0, most = 0] = [0, ROUNDS >> 1, ROUNDS - 1].map(
    (at) => rounds.toSorted((a, b) => a - b)[at],
  );
  console.log(`${name}: ${middle.toFixed(0)} ns [${least.toFixed(0)}..${most.toFixed(0)}]`);
}
