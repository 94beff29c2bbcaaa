/** What a Chinese reader sees: no line of English, but names, codes and commands as they are. */

import { onTestFinished } from 'vitest';
import { chooseLanguage } from '../../scripts/command/language.ts';

/** For the rest of this test. */
export function readChinese(): void {
  chooseLanguage(['--lang', 'zh'], {});
  onTestFinished(() => chooseLanguage([], {}));
}

/** Commands with their flags, addresses, quotes, codes, and WeChat's own words. */
const AS_THEY_ARE =
  /test cloud|npm (?:start|run [a-z-]+)(?: --(?: --[a-z-]+(?: [a-z]+\b)?)+)?|(?:npx|tcb) [\w './-]+|https?:\/\/\S+|"[^"]*"|\([A-Z][^)]*\)|-?\d+ [a-z][^（]*?rid: [\w-]+/g;
/** Two English words side by side: the names of things are single words. */
const ENGLISH = /\b(?!tcb)[a-z]{2,}(?:, | )[a-z]{2,}\b/;

/** The lines that are not Chinese; all of it where nothing is. */
export function englishIn(output: string): string[] {
  const lines = output
    .replaceAll(/\n {4,}(?!影响|处理)/g, ' ')
    .split('\n')
    .filter((line) => ENGLISH.test(line.replaceAll(AS_THEY_ARE, '')));
  return /\p{Script=Han}/u.test(output) ? lines : [output];
}
