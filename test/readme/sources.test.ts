/**
 * The list under "Reading the sources" is the way that a tick really takes: the functions' own code runs here, on the
 * real SDK and the embedded cloud's database, and the stack of its write is compared with the list.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tcb from '@cloudbase/node-sdk';
import { expect, it, onTestFinished, vi } from 'vitest';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { pointSdksAt, startTestCloud } from '../local/gateway/cloud.ts';
import { APPID, ROOT, SECRET } from '../support/cloud.ts';
import { pages } from './pages.ts';

const MOST_FILES = 6;
const MOST_LINES = 130;
const NUMBERS = ['five', 'six'];
const NUMBERS_IN_CHINESE = ['五', '六'];

const { english, chinese } = pages;

/** What the numbered items of the section begin with: a link whose text is its target. */
function listed({ path }: { path: string }): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll('\\', '');
  return [...text.matchAll(/^\d+\. \[([^\]]+)\]\(\1\)/gm)].map(([, file = '']) => file);
}

/** The files of functions/ on the stack of the last write of a tick, the outermost first. */
async function filesOfTheWrite(): Promise<string[]> {
  const cloud = await startTestCloud();
  onTestFinished(() => cloud.close());
  cloud.database.createCollection(COLLECTION);
  const apps = [{ appid: APPID, secret: SECRET }];
  const wechat = await startWeChatSandbox({ clock: cloud.clock, port: 0, secret: 'knobs', apps });
  onTestFinished(() => wechat.close());
  pointSdksAt(cloud.gateway.url);
  Object.assign(process.env, { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_API_BASE_URLS: wechat.url });
  const stacks = recordStacksOfUpdates();
  const { main } = await import('../../functions/refreshAccessToken/index.ts');
  const reply = await main({ Type: 'Timer' }, { environment: JSON.stringify({ TCB_SOURCE: 'wx_trigger' }) });
  expect(reply).toMatchObject({ errcode: 0, results: [{ action: 'refreshed' }] });
  const files = (stacks.at(-1) ?? '').match(/functions\/[\w./-]+\.ts/g) ?? [];
  return [...new Set(files.toReversed())];
}

/** The call of the SDK that sends the write; it is carried out as ever. */
function recordStacksOfUpdates(): string[] {
  const stacks: string[] = [];
  const query: unknown = tcb.init({ env: 'any' }).database().collection(COLLECTION).where({ _id: APPID });
  const prototype = Object.getPrototypeOf(query) as { update(changes: object): Promise<unknown> };
  const { update } = prototype;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  const spy = vi.spyOn(prototype, 'update').mockImplementation(function (this: unknown, changes) {
    stacks.push(new Error('the stack of a write').stack ?? '');
    return update.call(this, changes);
  });
  onTestFinished(() => {
    spy.mockRestore();
    Error.stackTraceLimit = limit;
  });
  return stacks;
}

it('lists the files on the stack of the write, from the timer to the database', async () => {
  const files = await filesOfTheWrite();
  expect(listed(english)).toEqual(files);
});

it('counts them right, in both languages', () => {
  const files = listed(english);
  expect(listed(chinese)).toEqual(files);
  expect(files.length).toBeLessThanOrEqual(MOST_FILES);
  const text = ({ path }: { path: string }): string => readFileSync(join(ROOT, path), 'utf8');
  expect(text(english)).toContain(`From the timer to the database in ${NUMBERS[files.length - 5]} files:`);
  expect(text(chinese)).toContain(`从定时触发器到数据库，${NUMBERS_IN_CHINESE[files.length - 5]}个文件：`);
});

it.each(listed(english))(`%s has at most ${MOST_LINES} lines`, (file) => {
  const lines = readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
});
