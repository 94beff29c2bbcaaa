/** The program of one instance: loads a built function and runs one invocation after another, as SCF's runtime does. */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installDate } from './moved-date.ts';
import { honourProxy } from '../../proxy/honour.ts';
import type { Proxy } from '../../proxy/read.ts';
import { loadAhead } from './load-ahead.ts';
import { keepServersLocal } from './local-servers.ts';
import { newPaths, recallPaths } from './package-paths.ts';
import { redirectWeChat } from './wechat-redirect.ts';
import {
  MARK,
  PROXY_VARIABLE,
  SANDBOX_VARIABLE,
  type Call,
  type ContextFields,
  type HostMessage,
  type InstanceMessage,
  type InstanceSettings,
} from './protocol.ts';

type Main = (event: unknown, context: unknown) => unknown;

const MAX_MESSAGE_LENGTH = 1000;
const MEMORY_READ_EVERY_MS = 1000;

let setClock: ReturnType<typeof installDate>;
let main: Main;
let settings: InstanceSettings;
let startEnvironment: NodeJS.ProcessEnv = {};
let earlierKeys: string[] = [];
let isLoading = true;
let memory = { bytes: 0, readAtMs: -Infinity };

const sendToHost = process.send?.bind(process);
// On the platform a function has no parent process; some servers tell one that they are ready.
delete process.send;
// Both in one pipe: what a function prints stays in its order, and belongs to the call between two marks.
process.stderr.write = process.stdout.write.bind(process.stdout);
process.on('disconnect', () => process.exit());
process.on('uncaughtException', (error, origin) => {
  console.error(`${origin}:`, error);
  // Code that can't load has no call of its own to blame: where it failed is all there is.
  const text = isLoading ? stackOf(error) : describe(error);
  send({ kind: 'crash', message: `${origin}: ${text}` }, () => process.exit(1));
});
process.on('message', (message: HostMessage) => {
  if (message.kind === 'prepare') return loadAhead();
  if (message.kind === 'begin') return begin(message.settings, message.environment);
  setClock(message.clock);
  if (message.kind === 'invoke') void invoke(message.id, message.call);
});

/** The process may have been started before it was known which function it will run. */
function begin(given: InstanceSettings, environment: Record<string, string>): void {
  settings = given;
  Object.assign(process.env, environment);
  process.chdir(settings.directory);
  setClock = installDate(settings.clock);
  leaveMachine();
  startEnvironment = { ...process.env };
  keepServersLocal((line) => console.error(line));
  recallPaths(settings.packages);
  main = load(settings);
  isLoading = false;
  send({ kind: 'ready', packages: newPaths(settings.packages) });
}

async function invoke(id: number, call: Call): Promise<void> {
  enterEnvironment(call.callKeys);
  const startedAtMs = performance.now();
  mark('start', call.requestId);
  const answer = await answerOf(id, call);
  const ms = Math.round(performance.now() - startedAtMs);
  mark('end', call.requestId, answer.kind, ms, usedBytes(ms));
  send(answer);
}

async function answerOf(id: number, call: Call): Promise<InstanceMessage & { id: number }> {
  try {
    const result = await main(JSON.parse(call.eventJson), createContext(call));
    // A function that returns nothing answers null, which is what JSON can say.
    return { kind: 'result', id, resultJson: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error(error);
    return { kind: 'failure', id, message: describe(error) };
  }
}

/** Reading it takes a tenth of the time of a short call, and a short call changes it little. */
function usedBytes(callMs: number): number {
  const nowMs = performance.now();
  if (callMs > 0 || nowMs - memory.readAtMs > MEMORY_READ_EVERY_MS)
    memory = { bytes: process.memoryUsage.rss(), readAtMs: nowMs };
  return memory.bytes;
}

function mark(...words: (string | number)[]): void {
  process.stdout.write(`${MARK}${words.join(' ')}\n`);
}

/** On the platform there is none of it; Node has read the certificates by now. */
function leaveMachine(): void {
  const { [PROXY_VARIABLE]: proxy, [SANDBOX_VARIABLE]: sandboxUrl } = process.env;
  if (proxy !== undefined) honourProxy(JSON.parse(proxy) as Proxy);
  redirectWeChat(sandboxUrl, (line) => console.error(line));
  delete process.env[PROXY_VARIABLE];
  delete process.env[SANDBOX_VARIABLE];
  delete process.env['NODE_EXTRA_CA_CERTS'];
}

/** Sets this call's keys. Those of the call before go back to what they were at the start, unless staleness is wanted. */
function enterEnvironment(callKeys: Record<string, string>): void {
  for (const key of settings.staleProcessEnv ? [] : earlierKeys) {
    const atStart = startEnvironment[key];
    if (atStart === undefined) delete process.env[key];
    else process.env[key] = atStart;
  }
  Object.assign(process.env, callKeys);
  earlierKeys = Object.keys(callKeys);
}

function createContext({ requestId, callKeys }: Call): object {
  const { constantFields, contextVariables } = settings;
  const endAtMs = performance.now() + constantFields.time_limit_in_ms;
  const variables = { ...contextVariables, ...callKeys };
  const pairs = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const fields: ContextFields = {
    ...constantFields,
    request_id: requestId,
    environment: JSON.stringify(variables),
    environ: pairs.join(';'),
  };
  return { ...fields, getRemainingTimeInMillis: () => Math.max(0, Math.round(endAtMs - performance.now())) };
}

function load({ directory, handler }: InstanceSettings): Main {
  const [file = 'index', name = 'main'] = handler.split('.');
  const code = createRequire(join(directory, 'index.js'))(`./${file}.js`) as Record<string, unknown>;
  const found = code[name];
  if (typeof found !== 'function')
    throw new TypeError(`${directory}/${file}.js exports no function "${name}"`);
  return found as Main;
}

function describe(error: unknown): string {
  return shortened(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** A syntax error's begins with the line of the code that it is in. */
function stackOf(error: unknown): string {
  return shortened((error instanceof Error && error.stack) || String(error));
}

function shortened(text: string): string {
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}

function send(message: InstanceMessage, sent?: () => void): void {
  sendToHost?.(message, undefined, undefined, () => sent?.());
}
