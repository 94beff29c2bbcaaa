/** The type declarations of the published client: those that client.d.ts leads to. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const SOURCE = 'functions/getAccessToken';

/** The declarations that client.d.ts leads to, by their path in the package. */
export async function emitTypes(root: string): Promise<Record<string, string>> {
  await mkdir(join(root, 'dist'), { recursive: true });
  // Inside the repository, where the compiler finds what tsconfig.json names.
  const folder = await mkdtemp(join(root, 'dist/.types-'));
  try {
    const config = join(folder, 'tsconfig.json');
    await writeFile(config, toJson(typesConfig(root, join(folder, 'out'))));
    await runCompiler(root, config);
    const emitted = await readAll(join(folder, 'out'));
    return reachable(emitted, 'client.d.ts');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function typesConfig(root: string, outDir: string): object {
  const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...emit,
      rootDir: join(root, SOURCE),
      outDir,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: [join(root, SOURCE, 'client.ts')],
  };
}

async function runCompiler(root: string, config: string): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', config]).catch(
    (error: { stdout?: string }) => {
      const [first] = (error.stdout ?? '').split('\n');
      throw new Error(`package: tsc: ${first || 'failed'}`, { cause: error });
    },
  );
}

async function readAll(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.d.ts'));
  return new Map(
    await Promise.all(
      files.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as [string, string]),
    ),
  );
}

/** With the extensions that Node and TypeScript look for in a published package. */
function reachable(emitted: Map<string, string>, entry: string): Record<string, string> {
  const found: Record<string, string> = {};
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const text = emitted.get(name);
    if (text === undefined)
      throw new Error(`package: ${name} is imported by the types, but tsc did not write it`);
    found[name] = text.replaceAll(/(from ')(\.[^']+)\.ts'/g, "$1$2.js'");
    for (const [, target = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) {
      const next = join(dirname(name), `${target}.d.ts`);
      if (!Object.hasOwn(found, next)) open.push(next);
    }
  }
  return found;
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
