/** `npm run setup`: collects the settings, has WeChat confirm them, and writes them where git doesn't look. */

import { relative } from 'node:path';
import { parse } from 'dotenv';
import { callOf } from '../command/call.ts';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { readProxy } from '../proxy/read.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import { APPID, APPID_RULE, collectAnswers, ENV_ID, type Answers, type Flags } from './answers.ts';
import { checkWithWeChat, type CheckOptions, type CheckResult } from './check-wechat.ts';
import { readEnvText, whyTracked, writeEnvFile } from './env-file.ts';
import { changeEnvText, type Changes } from './env-text.ts';
import type { Prompts } from './prompts.ts';
import { nonEmpty } from '../local/variables.ts';

export interface SetupOptions {
  flags: Flags;
  /** The file to write. */
  file: string;
  /** The process environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** Null: nobody can be asked. */
  prompts: Prompts | null;
  /** False leaves WeChat out of it. */
  isChecked: boolean;
  /** Asked instead of WeChat. */
  baseUrl?: string | undefined;
  /** `isGood`: null for what is only worth knowing. */
  tell(isGood: boolean | null, line: string): void;
  check?: (options: CheckOptions) => Promise<CheckResult>;
  /** What kind the environment is of; null where there are no credentials to look with. */
  readEnvironmentInfo?(values: Values): Promise<EnvironmentInfo | null>;
}

/** False when nothing was written. Throws one readable line for what can't be used. */
export async function setup(options: SetupOptions): Promise<boolean> {
  const { flags, file, env: given, prompts, tell } = options;
  const tracked = whyTracked(file);
  if (tracked !== null) throw new Error(tracked);
  const env = nonEmpty(given);
  const text = readEnvText(file);
  const present = nonEmpty(parse(text));
  requireOneApp({ ...present, ...env });
  const answers = await collectAnswers({ flags, env, file: present, prompts });
  const changes = changesFor(answers, present);
  const baseUrls = requireUsable({ ...present, ...env }, changes, options.baseUrl);
  if (!USUAL_APPID.test(answers.appid))
    tell(null, `${answers.appid} does not look like an AppID (wx and 16 characters)`);
  // Before WeChat is asked: a text that can't be written needs no answer.
  const next = changeEnvText(text, changes);
  // As everywhere: an address that is none is refused, not passed by.
  if (options.isChecked) readProxy(env);
  if (!(await isAccepted(options, { appid: answers.appid, secret: answers.secret, baseUrls }))) return false;
  writeEnvFile(file, next);
  tell(true, `wrote ${fromHere(file)} (readable by you only): ${Object.keys(changes).join(', ')}`);
  await tellKind(options, { ...nonEmpty(parse(next)), ...env, TCB_ENV_ID: answers.envId });
  tellConsequences(answers, changes, env, tell);
  return true;
}

/** Only to be told, no condition: the file is written, and another environment can be named in it. */
async function tellKind(
  { isChecked, readEnvironmentInfo, tell }: SetupOptions,
  values: Values & { TCB_ENV_ID: string },
): Promise<void> {
  if (!isChecked || readEnvironmentInfo === undefined) return;
  const envId = values.TCB_ENV_ID;
  try {
    const info = await readEnvironmentInfo(values);
    if (info === null) return;
    const why = whyUnsupported(info);
    if (why === undefined) tell(true, `${envId}: ${describeKind(info)}`);
    else tell(false, why.message);
  } catch (error) {
    tell(null, `${envId} was not looked at: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As WeChat has issued them so far; the others may still be right. */
const USUAL_APPID = /^wx[0-9A-Za-z]{16}$/;

/** As the reader would type it. */
function fromHere(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

/** The list wins over the single app, so what is written here would have no effect. */
function requireOneApp({ WX_APPS }: Partial<Record<string, string>>): void {
  if (WX_APPS === undefined) return;
  throw new Error(
    'WX_APPS is set and wins over the one app that this command sets up: add the app to that list by hand, or take WX_APPS out first',
  );
}

function changesFor({ envId, appid, secret, api, keys }: Answers, present: Record<string, string>): Changes {
  const encryption =
    keys === null && present['TOKEN_ENCRYPTION_KEYS'] === undefined ? {} : { TOKEN_ENCRYPTION_KEYS: keys };
  return { TCB_ENV_ID: envId, WX_APPID: appid, WX_APPSECRET: secret, WX_TOKEN_API: api, ...encryption };
}

/** The functions' own rules, applied before anything is written; returns where WeChat is to be asked. */
function requireUsable(
  present: Record<string, string>,
  changes: Changes,
  baseUrl: string | undefined,
): readonly string[] {
  const problems: string[] = [];
  if (!ENV_ID.test(changes['TCB_ENV_ID'] ?? ''))
    problems.push('TCB_ENV_ID must be letters, digits, - and _, as the console shows it');
  if (!APPID.test(changes['WX_APPID'] ?? '')) problems.push(`WX_APPID: ${APPID_RULE}`);
  const merged = { ...present, ...changes, ...(baseUrl === undefined ? {} : { WX_API_BASE_URLS: baseUrl }) };
  const config = readConfig(
    Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, value ?? undefined])),
  );
  if (!config.ok) problems.push(...config.problems);
  if (problems.length > 0 || !config.ok) throw new Error(`nothing was written: ${problems.join('; ')}`);
  return config.config.baseUrls;
}

async function isAccepted(
  { isChecked, prompts, tell, check = checkWithWeChat }: SetupOptions,
  credentials: CheckOptions,
): Promise<boolean> {
  if (!isChecked) {
    tell(null, 'AppID and AppSecret were not checked with WeChat (--no-check)');
    return true;
  }
  const result = await check(credentials);
  if (result.ok) {
    tell(true, 'WeChat accepts AppID and AppSecret (no token in use was touched)');
    return true;
  }
  tell(false, result.why);
  const isWanted =
    !result.isWrong && prompts !== null && (await prompts.confirm('Write the file all the same?', false));
  if (!isWanted) tell(false, 'nothing was written');
  return isWanted;
}

function tellConsequences(
  { keys, isKeyNew }: Answers,
  changes: Changes,
  env: Readonly<Record<string, string>>,
  tell: SetupOptions['tell'],
): void {
  if (isKeyNew)
    tell(
      null,
      'a new encryption key is in front of the list; whoever loses the keys loses no more than the stored token, which is then fetched anew',
    );
  if (keys === null) tell(null, 'tokens will be stored in clear: --encryption on makes a key');
  const overruled = Object.keys(changes).filter(
    (name) => env[name] !== undefined && env[name] !== changes[name],
  );
  if (overruled.length > 0)
    tell(null, `${overruled.join(', ')}: the process environment says something else and wins over the file`);
  tell(null, `next: ${callOf('deploy')}`);
}
