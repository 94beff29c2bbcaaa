/** The two entries in the user's cloudbaserc.json; all else in it stays as it is, to the comment and the space. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { readDeclarations } from '../build/declarations.ts';
import { callOf } from '../command/call.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import type { WantedFunction } from '../deploy/wanted.ts';
import { editsOf, entryOf, placeholdersOf, unsuited, variablesOf } from './entry.ts';
import type { FunctionPlan } from './function-files.ts';
import { append } from './insert.ts';

export type ConfigPlan =
  | { kind: 'none' | 'same' }
  /** It declares functions of another folder. */
  | { kind: 'elsewhere'; functionRoot: string }
  | {
      kind: 'change';
      file: string;
      text: string;
      added: readonly string[];
      leftOut: readonly string[];
      reset: readonly string[];
    };

const FILE = 'cloudbaserc.json';

const Config = z.looseObject({
  functionRoot: z.string().default('functions'),
  functions: z
    .array(
      z.looseObject({
        name: z.string(),
        envVariables: z.record(z.string(), z.string()).default({}),
        triggers: z.array(z.looseObject({ name: z.string() })).default([]),
      }),
    )
    .optional(),
});

/** Throws one readable line when the file can't be understood, or declares a function of that name that is not ours. */
export async function planEntries(
  project: string,
  root: string,
  wanted: readonly WantedFunction[],
  plans: readonly FunctionPlan[],
): Promise<ConfigPlan> {
  const file = join(project, FILE);
  if (!existsSync(file)) return { kind: 'none' };
  const before = await readFile(file, 'utf8');
  const config = read(before);
  if (resolve(project, config.functionRoot) !== root)
    return { kind: 'elsewhere', functionRoot: config.functionRoot };
  const declarations = await readDeclarations(PACKAGE_FOLDER);
  const ours: Ours = {
    placeholders: placeholdersOf(declarations),
    declared: new Set(declarations.flatMap(({ triggers }) => triggers.map(({ name }) => name))),
    isNew: (name) => plans.find((plan) => plan.name === name)?.kind === 'new',
  };
  // Its place is before all that is edited.
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
  const { text, added, reset } = withEntries(before.slice(mark.length), wanted, ours);
  if (mark + text === before) return { kind: 'same' };
  const leftOut = [...new Set(wanted.flatMap(unsuited))];
  return { kind: 'change', file, text: mark + text, added, leftOut, reset };
}

/** What tells our entries, and what is ours in them, from the rest. */
interface Ours {
  placeholders: ReturnType<typeof placeholdersOf>;
  /** Names of triggers. */
  declared: ReadonlySet<string>;
  isNew(name: string): boolean;
}

function withEntries(
  before: string,
  wanted: readonly WantedFunction[],
  { placeholders, declared, isNew }: Ours,
): { text: string; added: string[]; reset: string[] } {
  let text = before;
  const added: string[] = [];
  const reset: string[] = [];
  const entries: Record<string, unknown>[] = [];
  for (const one of wanted) {
    const variables = variablesOf(one, placeholders);
    const functions = read(text).functions ?? [];
    const at = functions.findIndex(({ name }) => name === one.name);
    if (at < 0) {
      added.push(one.name);
      entries.push(entryOf(one, variables));
      continue;
    }
    if (isNew(one.name)) throw notOurs(one.name);
    for (const [path, value] of editsOf(functions[at]!, one, { variables, placeholders, declared })) {
      text = withValue(text, [at, ...path], value);
      if (path[0] in one.forCli) reset.push(`${one.name} ${path[0]}`);
    }
  }
  if (entries.length > 0) text = append(text, ['functions'], entries);
  return { text, added, reset };
}

function read(text: string): z.output<typeof Config> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const config = Config.safeParse(value);
  if (errors.length === 0 && config.success) return config.data;
  const [issue] = config.success ? [] : config.error.issues;
  const where = errors[0]
    ? pick({ en: `at character ${errors[0].offset}`, zh: `第 ${errors[0].offset} 个字符` })
    : (issue?.path.join('.') ?? pick({ en: 'its content', zh: '内容' }));
  throw new Error(
    pick({
      en: `${FILE} can't be understood (${where}): nothing was changed; correct it and run the command again`,
      zh: `${FILE} 读不懂（${where}）：没有改动任何内容；请改正后重新执行`,
    }),
  );
}

function notOurs(name: string): Error {
  return new Error(
    pick({
      en: `${FILE} declares ${name} already, and ${callOf('add')} did not write it: nothing was changed; rename or remove that entry, or give ours other names (FUNCTION_PREFIX=wx- in .env.local)`,
      zh: `${FILE} 里已有 ${name}，而且不是 ${callOf('add')} 写的：没有改动任何内容；请给那一项改名或删除，或者给本项目的函数换名字（在 .env.local 里写 FUNCTION_PREFIX=wx-）`,
    }),
  );
}

/** `undefined` takes it away. */
function withValue(text: string, path: readonly (string | number)[], value: unknown): string {
  const formattingOptions = styleOf(text);
  return applyEdits(text, modify(text, ['functions', ...path], value, { formattingOptions }));
}

/** As the file is written already. */
function styleOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
