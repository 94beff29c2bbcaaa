/** The AppSecret from where scripts can put it and nobody else sees it: a file, or standard input. */

import { readFileSync } from 'node:fs';
import { decodeText } from '../command/text-file.ts';

/** Throws one readable line when there is none. */
export function readSecretFile(file: string): string {
  const text = decodeText(readWhole(file), nameOf(file)).replace(/\r?\n$/, '');
  if (text.trim() === '') throw new Error(`there is no AppSecret in ${nameOf(file)}: it is empty`);
  return text;
}

const STANDARD_INPUT = 0;

function readWhole(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new Error(`${nameOf(file)} can't be read (${code}): check the path that --secret-file gives`, {
      cause: error,
    });
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
