/** `npm run setup`: collects the settings, has WeChat confirm them, and writes them where git doesn't look. */

import { dirname, relative } from 'node:path';
import { parse } from 'dotenv';
import { callOf } from '../command/call.ts';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { readProject } from '../platform/project.ts';
import { readProxy } from '../proxy/read.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import { collectAnswers, ENV_ID, type Answers } from './answers.ts';
import { checkWithWeChat, type CheckOptions, type CheckResult } from './check-wechat.ts';
import { APPID, secretRule, type Credentials, type Verify } from './credentials.ts';
import { readEnvText, whyTracked, writeEnvFile } from './env-file.ts';
import { changeEnvText, type Changes } from './env-text.ts';
import type { Prompts } from './prompts.ts';
import type { Flags } from './sources.ts';
import { texts } from './texts.ts';
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
  const { flags, file, prompts, tell } = options;
  const tracked = whyTracked(file);
  if (tracked !== null) throw new Error(tracked);
  const env = nonEmpty(options.env);
  const text = readEnvText(file);
  const present = nonEmpty(parse(text));
  const given = { ...present, ...env };
  requireOneApp(given);
  // As everywhere: an address that is none is refused, not passed by.
  if (options.isChecked) readProxy(env);
  const answers = await collectAnswers(
    {
      flags,
      env,
      file: { ...readProject(dirname(file)), ...present },
      prompts,
      secretRule: options.isChecked ? secretRule : () => undefined,
    },
    async (answer) => {
      const changes = changesFor({ ...answer, keys: present['TOKEN_ENCRYPTION_KEYS'] ?? null }, present);
      const baseUrls = requireUsable(given, changes, options);
      // Before WeChat is asked: a text that can't be written needs no answer.
      changeEnvText(text, changes);
      if (!USUAL_APPID.test(answer.appid)) tell(null, texts().unusualAppid(answer.appid));
      return confirmWithWeChat(options, answer, baseUrls);
    },
  );
  if (answers === null) {
    tell(false, texts().nothingWritten);
    return false;
  }
  const changes = changesFor(answers, present);
  requireUsable(given, changes, options);
  const next = changeEnvText(text, changes);
  writeEnvFile(file, next);
  tell(true, texts().wrote(fromHere(file), Object.keys(changes).join(', ')));
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
    tell(null, texts().notLookedAt(envId, error instanceof Error ? error.message : String(error)));
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
  throw new Error(texts().manyApps);
}

function changesFor(
  { envId, appid, secret, api, keys }: Omit<Answers, 'isKeyNew'>,
  present: Record<string, string>,
): Changes {
  const encryption =
    keys === null && present['TOKEN_ENCRYPTION_KEYS'] === undefined ? {} : { TOKEN_ENCRYPTION_KEYS: keys };
  return { TCB_ENV_ID: envId, WX_APPID: appid, WX_APPSECRET: secret, WX_TOKEN_API: api, ...encryption };
}

/** The functions' own rules, applied before anything is written; returns where WeChat is to be asked. */
function requireUsable(
  present: Record<string, string>,
  changes: Changes,
  { baseUrl, isChecked }: Pick<SetupOptions, 'baseUrl' | 'isChecked'>,
): readonly string[] {
  const problems: string[] = [];
  if (!ENV_ID.test(changes['TCB_ENV_ID'] ?? '')) problems.push(texts().envProblem);
  if (!APPID.test(changes['WX_APPID'] ?? '')) problems.push(`WX_APPID: ${texts().appidRule}`);
  const badSecret = isChecked ? secretRule(changes['WX_APPSECRET'] ?? '') : undefined;
  if (badSecret !== undefined) problems.push(texts().notSent(badSecret));
  const merged = { ...present, ...changes, ...(baseUrl === undefined ? {} : { WX_API_BASE_URLS: baseUrl }) };
  const config = readConfig(
    Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, value ?? undefined])),
  );
  if (!config.ok) problems.push(...config.problems);
  if (problems.length > 0 || !config.ok) throw new Error(texts().refused(problems));
  return config.config.baseUrls;
}

/** At once, while the answer can still be corrected. */
async function confirmWithWeChat(
  { isChecked, prompts, tell, check = checkWithWeChat }: SetupOptions,
  { appid, secret }: Credentials,
  baseUrls: readonly string[],
): ReturnType<Verify> {
  if (!isChecked) {
    tell(null, texts().unchecked);
    return null;
  }
  const result = await check({ appid, secret, baseUrls });
  if (result.ok) {
    tell(true, texts().accepted);
    return null;
  }
  tell(false, result.why);
  if (result.wrong !== null) return result.wrong;
  return prompts !== null && (await prompts.confirm(texts().askAnyway, false)) ? null : 'end';
}

function tellConsequences(
  { keys, isKeyNew }: Answers,
  changes: Changes,
  env: Readonly<Record<string, string>>,
  tell: SetupOptions['tell'],
): void {
  if (isKeyNew) tell(null, texts().newKey);
  if (keys === null) tell(null, texts().inClear);
  const overruled = Object.keys(changes).filter(
    (name) => env[name] !== undefined && env[name] !== changes[name],
  );
  if (overruled.length > 0) tell(null, texts().overruled(overruled.join(', ')));
  tell(null, texts().next(callOf('deploy')));
}
