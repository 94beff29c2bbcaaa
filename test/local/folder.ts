/** A folder for one test. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';

/** With these files, gone after the test. */
export function folderOf(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'user-functions-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
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
