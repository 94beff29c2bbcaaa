/** A folder with files, for a test. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';

/** With these files, gone after the test. */
export function folderOf(files: Record<string, string | object>): string {
  const root = writeFolder(files);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** With these files; whoever asks for it removes it. */
export function writeFolder(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'user-functions-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

/** As they are now: nobody edits them, and so no process is kept ready for the next start of one. */
export function unedited(functions: readonly FunctionDeclaration[]): FunctionDeclaration[] {
  const copies = functions.map((one) => ({ ...one }));
  for (const copy of copies) delete copy.reread;
  return copies;
}
