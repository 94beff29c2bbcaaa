/** What the outside door is made of, built only where it is needed. */

import { join } from 'node:path';
import { pick } from '../../command/language.ts';
import { buildOutside, OUTSIDE_CONFIG } from '../../build/outside.ts';
import type { Values } from '../../platform/settings.ts';
import { checkSize } from '../checks.ts';
import type { Upload } from '../upload.ts';
import { readWanted, type WantedFunction } from '../wanted.ts';

export interface OutsideParts {
  wanted: WantedFunction;
  upload: Upload;
}

export function outsideFolder(root: string): string {
  return join(root, 'dist/outside');
}

/** Builds it into `codeRoot` and says how it is to be deployed. Throws one readable line. */
export async function wantOutside(root: string, codeRoot: string, values: Values): Promise<WantedFunction> {
  const { name } = await buildOutside(root, codeRoot);
  const wanted = (await readWanted(root, codeRoot, values, [OUTSIDE_CONFIG])).filter(
    (one) => one.folder === name,
  );
  checkSize(wanted);
  const [only] = wanted;
  if (only === undefined)
    throw new Error(
      pick({
        en: `${OUTSIDE_CONFIG}: there is no function ${name} in it`,
        zh: `${OUTSIDE_CONFIG} 里没有函数 ${name}`,
      }),
    );
  return only;
}
