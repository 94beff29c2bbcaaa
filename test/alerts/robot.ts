/** A WeCom group robot on loopback: keeps what it was told and when, and misbehaves as a test tells it to. */

import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { serveHttp, type WhenOver } from '../wechat/loopback.ts';

type Behaviour = (response: ServerResponse) => void;

export const KEY = 'canary-webhook-key-693a91f6';

export interface Robot {
  url: string;
  /** The markdown of each message, taken or not. */
  messages: string[];
  /** When each came, on the clock that was given. */
  atMs: number[];
  behave(how: Behaviour): void;
  /** Resolves when so many messages have come; rejects after a minute without. */
  heard(count: number): Promise<void>;
  /** As at its start; throws when two calls came within a minute. */
  renew(): void;
}

export const taken: Behaviour = (response) => void response.end('{"errcode":0,"errmsg":"ok"}');

/** The ways in which a webhook fails that is there and answers, or doesn't. */
export const FAILURES: Record<string, Behaviour> = {
  'answers 500': (response) => void response.writeHead(500).end('{"errcode":0}'),
  'says 93000': (response) => void response.end('{"errcode":93000,"errmsg":"invalid webhook url"}'),
  'redirects elsewhere': (response) =>
    void response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end(),
};

export const hanging: Behaviour = () => undefined;

export async function startRobot(now: () => number, whenOver: WhenOver = onTestFinished): Promise<Robot> {
  let behaviour = taken;
  const messages: string[] = [];
  const atMs: number[] = [];
  const server = await serveHttp((response, { body }) => {
    const { msgtype, markdown } = JSON.parse(body) as { msgtype: string; markdown: { content: string } };
    if (msgtype !== 'markdown') throw new Error(`a message of type ${msgtype}`);
    messages.push(markdown.content);
    atMs.push(now());
    behaviour(response);
  }, whenOver);
  whenOver(() => expectSpaced(atMs));
  return {
    url: `${server.url}/cgi-bin/webhook/send?key=${KEY}`,
    messages,
    atMs,
    behave: (how) => void (behaviour = how),
    async heard(count) {
      for (let tries = 0; messages.length < count; tries++) {
        if (tries >= 1_200) throw new Error(`${messages.length} of ${count} messages came`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    renew() {
      expectSpaced(atMs);
      behaviour = taken;
      messages.length = atMs.length = 0;
    },
  };
}

/** Whatever a test is about: never two calls within a minute. */
function expectSpaced(atMs: readonly number[]): void {
  const tooSoon = atMs.filter((one, index) => index > 0 && one - atMs[index - 1]! < 60_000);
  if (tooSoon.length > 0)
    throw new Error(`${tooSoon.length} calls of the webhook within a minute of another`);
}
