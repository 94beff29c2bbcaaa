/** The AppSecret from where scripts can put it and nobody else sees it: a file, or standard input. */

import { readFileSync } from 'node:fs';
import { decodeText } from '../command/text-file.ts';
import { texts } from './texts.ts';

/** Throws one readable line when there is none. */
export function readSecretFile(file: string): string {
  const text = decodeText(readWhole(file), nameOf(file)).replace(/\r?\n$/, '');
  if (text.trim() === '') throw new Error(texts().noSecretIn(nameOf(file)));
  return text;
}

const STANDARD_INPUT = 0;

function readWhole(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : texts().unknownReason;
    // Without its path: that may be the AppSecret itself, given in place of a file.
    const what = file === '-' ? texts().standardInput : texts().secretFile;
    throw new Error(texts().unreadable(what, code), { cause: error });
  }
}

function nameOf(file: string): string {
  return file === '-' ? texts().standardInput : file;
}
