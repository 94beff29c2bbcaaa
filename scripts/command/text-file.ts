/** Text that a person wrote with any editor: decoded by its byte order mark, or refused; an encoding is never guessed. */

import { readFileSync } from 'node:fs';
import { pick } from './language.ts';

/** Throws one line that names the file and its encoding. */
export function readTextFile(file: string): string {
  return decodeText(readFileSync(file), file);
}

export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = encodingOf(bytes);
  // Half of a text of Latin letters in UTF-16 is zeros; no text file has one.
  if (encoding === 'utf-8' && bytes.includes(0))
    throw new Error(
      pick({
        en: `${name} looks like UTF-16 without a byte order mark: ${pick(CURE)}`,
        zh: `${name} 像是没有字节顺序标记的 UTF-16：${pick(CURE)}`,
      }),
    );
  const text = encoding === 'utf-32' ? null : decoded(bytes, encoding);
  if (text === null)
    throw new Error(
      pick({
        en: `${name} is not in UTF-8 (${seenIn(encoding)}): ${pick(CURE)}`,
        zh: `${name} 不是 UTF-8（${seenIn(encoding)}）：${pick(CURE)}`,
      }),
    );
  return text;
}

const CURE = {
  en: 'it is left as it is; save it as UTF-8 and run the command again',
  zh: '文件没有改动；请另存为 UTF-8，再重新执行',
};

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';

/** https://encoding.spec.whatwg.org/#bom-sniff (read 2026-11-28), with UTF-32, which a browser does not know. */
const MARKS: readonly [mark: string, encoding: Encoding][] = [
  ['fffe0000', 'utf-32'],
  ['0000feff', 'utf-32'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

function encodingOf(bytes: Uint8Array): Encoding {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return MARKS.find(([mark]) => start.startsWith(mark))?.[1] ?? 'utf-8';
}

/** Without the mark; null where a byte does not fit. */
function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function seenIn(encoding: Encoding): string {
  if (encoding === 'utf-8')
    return pick({
      en: 'perhaps in GBK, as Windows calls ANSI in Chinese',
      zh: '可能是 GBK，即中文 Windows 所说的 ANSI',
    });
  return encoding === 'utf-32'
    ? pick({ en: 'but in UTF-32', zh: '而是 UTF-32' })
    : pick({ en: `but a damaged ${encoding.toUpperCase()}`, zh: `而是损坏的 ${encoding.toUpperCase()}` });
}
