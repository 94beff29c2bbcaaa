/** Text that a person wrote with any editor: decoded by its byte order mark, or refused; an encoding is never guessed. */

import { readFileSync } from 'node:fs';

/** Throws one line that names the file and its encoding. */
export function readTextFile(file: string): string {
  return decodeText(readFileSync(file), file);
}

export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = encodingOf(bytes);
  // Half of a text of Latin letters in UTF-16 is zeros; no text file has one.
  if (encoding === 'utf-8' && bytes.includes(0))
    throw new Error(`${name} looks like UTF-16 without a byte order mark: ${CURE}`);
  const text = encoding === 'utf-32' ? null : decoded(bytes, encoding);
  if (text === null) throw new Error(`${name} is not in UTF-8 (${seenIn(encoding)}): ${CURE}`);
  return text;
}

const CURE = 'it is left as it is; save it as UTF-8 and run the command again';

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
  if (encoding === 'utf-8') return 'perhaps in GBK, as Windows calls ANSI in Chinese';
  return encoding === 'utf-32' ? 'but in UTF-32' : `but a damaged ${encoding.toUpperCase()}`;
}
