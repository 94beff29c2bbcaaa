/** The AppSecret from where scripts can put it: a file, standard input, or (visible to others) a flag. */

import { readFileSync } from 'node:fs';

export interface SecretFlags {
  secret?: string | undefined;
  'secret-file'?: string | undefined;
}

/** Undefined: by none of the two. Throws one readable line when it can't be read. */
export function readSecretFlags(
  { secret, 'secret-file': file }: SecretFlags,
  warn: (line: string) => void,
): string | undefined {
  if (secret !== undefined && file !== undefined)
    throw new Error('--secret and --secret-file exclude each other: give one of them');
  if (secret !== undefined) {
    warn(
      '--secret is visible to everybody on this machine (process list) and stays in the shell history: set WX_APPSECRET or use --secret-file instead',
    );
    return secret;
  }
  if (file === undefined) return undefined;
  const text = readWhole(file).replace(/\r?\n$/, '');
  if (text.trim() === '') throw new Error(`there is no AppSecret in ${nameOf(file)}: it is empty`);
  return text;
}

const STANDARD_INPUT = 0;

function readWhole(file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
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
