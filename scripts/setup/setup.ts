/** `npm run setup`: collects the settings, has WeChat confirm them, and writes them where git doesn't look. */

import { dirname } from 'node:path';
import { parse } from 'dotenv';
import { nonEmpty } from '../local/variables.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import { readProject } from '../platform/project.ts';
import type { Values } from '../platform/settings.ts';
import { readProxy } from '../proxy/read.ts';
import { collectAnswers, type Answers } from './answers.ts';
import { changesFor, requireOneApp, requireUsable } from './changes.ts';
import { checkWithWeChat, type CheckOptions, type CheckResult } from './check-wechat.ts';
import { secretRule, type Credentials, type Verify } from './credentials.ts';
import { readEnvText, whyTracked, writeEnvFile } from './env-file.ts';
import { changeEnvText } from './env-text.ts';
import type { Prompts } from './prompts.ts';
import type { Flags } from './sources.ts';
import { fromHere, tellConsequences, tellKind, type Tell } from './tell.ts';
import { texts } from './texts.ts';

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
  tell: Tell;
  check?: (options: CheckOptions) => Promise<CheckResult>;
  /** What kind the environment is of; null where there are no credentials to look with. */
  readEnvironmentInfo?(values: Values): Promise<EnvironmentInfo | null>;
}

/** False when nothing was written. Throws one readable line for what can't be used. */
export async function setup(options: SetupOptions): Promise<boolean> {
  const { file, tell } = options;
  const tracked = whyTracked(file);
  if (tracked !== null) throw new Error(tracked);
  const env = nonEmpty(options.env);
  const text = readEnvText(file);
  const known: Known = { env, text, present: nonEmpty(parse(text)) };
  requireOneApp({ ...known.present, ...env });
  // As everywhere: an address that is none is refused, not passed by.
  if (options.isChecked) readProxy(env);
  const answers = await askForAnswers(options, known);
  if (answers === null) {
    tell(false, texts().nothingWritten);
    return false;
  }
  const changes = changesFor(answers, known.present, options.flags);
  requireUsable({ ...known.present, ...env }, changes, options);
  const next = changeEnvText(text, changes);
  writeEnvFile(file, next);
  tell(true, texts().wrote(fromHere(file), Object.keys(changes).join(', ')));
  await tellKind(options, { ...nonEmpty(parse(next)), ...env, TCB_ENV_ID: answers.envId });
  tellConsequences(answers, changes, env, tell);
  return true;
}

/** What is there before anybody is asked. */
interface Known {
  env: Record<string, string>;
  /** Of the file. */
  text: string;
  present: Record<string, string>;
}

function askForAnswers(options: SetupOptions, { env, text, present }: Known): Promise<Answers | null> {
  const { flags, file, prompts, isChecked, tell } = options;
  const sources = {
    flags,
    env,
    file: { ...readProject(dirname(file)), ...present },
    prompts,
    secretRule: isChecked ? secretRule : () => undefined,
  };
  return collectAnswers(sources, async (answer) => {
    const kept = { keys: present['TOKEN_ENCRYPTION_KEYS'] ?? null };
    const changes = changesFor({ ...answer, ...kept }, present, flags);
    const baseUrls = requireUsable({ ...present, ...env }, changes, options);
    // Before WeChat is asked: a text that can't be written needs no answer.
    changeEnvText(text, changes);
    if (!USUAL_APPID.test(answer.appid)) tell(null, texts().unusualAppid(answer.appid));
    return confirmWithWeChat(options, answer, baseUrls);
  });
}

/** As WeChat has issued them so far; the others may still be right. */
const USUAL_APPID = /^wx[0-9A-Za-z]{16}$/;

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
