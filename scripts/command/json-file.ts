/** JSON that a person wrote: with the comments and trailing commas that editors and DevTools leave in peace. */

import { existsSync } from 'node:fs';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { pick } from './language.ts';
import { readTextFile } from './text-file.ts';

/** Undefined when there is no such file. Throws one line that names it when it is no JSON object. */
export function readJsonFile(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined;
  const value = parseJsonText(readTextFile(file), file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error(pick({ en: `${file} is no JSON object`, zh: `${file} 不是 JSON 对象` }));
}

/** Throws one line that begins with `name`. */
export function parseJsonText(text: string, name: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const line = text.slice(0, first.offset).split('\n').length;
  const code = printParseErrorCode(first.error);
  throw new Error(
    pick({
      en: `${name}: line ${line} is no JSON (${code})`,
      zh: `${name}：第 ${line} 行不是 JSON（${code}）`,
    }),
  );
}
