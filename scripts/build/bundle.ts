/** The one set of esbuild options: a self-contained CommonJS file for CloudBase's oldest supported Node. */

import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { leaveOut } from './leave-out.ts';
import type { LeftOut } from './left-out.ts';
import { bundleFiles } from './remembered-bundle.ts';

/** Bundles one entry with everything it imports. The same sources give the same bytes wherever `root` is. */
export async function bundle(entry: string, root: string): Promise<Uint8Array> {
  return (await bundleWithInputs(entry, root)).code;
}

/** `inputs`: the files of which something is in the bundle, relative to `root`; `bytesOf` says how much. `leftOut`: what stays out of it. */
export async function bundleWithInputs(
  entry: string,
  root: string,
  leftOut: readonly LeftOut[] = [],
): Promise<{ code: Uint8Array; inputs: string[]; bytesOf: Readonly<Record<string, number>> }> {
  const leaving = leaveOut(leftOut);
  const options: BuildOptions & { absWorkingDir: string } = {
    // esbuild writes module paths into the bundle, relative to this.
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    // What the examples get from the published package by an install.
    alias: { 'cloudbase-access-token/client': join(root, 'functions/getAccessToken/client.ts') },
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    // One character beyond Latin-1 makes Node keep and parse the whole file at two bytes a character.
    charset: 'ascii',
    // Shorter names would make the bundle smaller but slower to load, and stack traces unreadable.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: false,
    logLevel: 'silent',
    plugins: [leaving.plugin],
  };
  const extras = { plugins: JSON.stringify(leftOut), check: leaving.requireAllAsked };
  const { outputs, inputs: bytesOf } = await bundleFiles(options, extras).catch((error: unknown) => {
    throw new Error(`build: ${describe(error)}`, { cause: error });
  });
  const [file] = outputs;
  if (file === undefined) throw new Error(`build: esbuild gave no output for ${entry}`);
  return { code: file.contents, inputs: Object.keys(bytesOf), bytesOf };
}

interface EsbuildFailure {
  errors: { text: string; location: { file: string; line: number } | null }[];
}

function describe(error: unknown): string {
  const first = (error as Partial<EsbuildFailure>).errors?.[0];
  if (first === undefined) return error instanceof Error ? error.message : String(error);
  const { text, location } = first;
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}
