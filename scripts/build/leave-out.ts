/** The esbuild plugin that keeps modules out of a bundle, and the check that its list still fits the libraries. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { packageNameOf } from './contents.ts';
import type { LeftOut } from './left-out.ts';

const NAMESPACE = 'left-out';
/** A name that no package can have: what stands in is the same text wherever the repository is. */
const STAND_IN = 'left-out:refusal';

export interface LeavingOut {
  plugin: Plugin;
  /** Throws one readable line when a package in the bundle no longer asks for what is left out of it. */
  requireAllAsked(inputs: readonly string[]): void;
}

export function leaveOut(list: readonly LeftOut[]): LeavingOut {
  const asked = new Set<LeftOut>();
  const plugin: Plugin = {
    name: 'leave-out',
    setup(build) {
      const modules = list.filter(({ expression }) => expression === undefined);
      build.onResolve({ filter: anyOf(modules.map(({ module }) => module)) }, ({ path, importer }) => {
        const by = packageNameOf(importer.replaceAll('\\', '/'));
        const entry = modules.find((one) => one.module === path && one.by === by);
        if (entry === undefined) return undefined;
        asked.add(entry);
        return { path: `${entry.by} ${entry.module}`, namespace: NAMESPACE, pluginData: entry };
      });
      build.onResolve({ filter: anyOf([STAND_IN]) }, () => ({ path: STAND_IN, namespace: NAMESPACE }));
      build.onLoad({ filter: anyOf([STAND_IN]), namespace: NAMESPACE }, async () => ({
        contents: await readFile(join(PACKAGE_FOLDER, 'scripts/build/refusal.ts'), 'utf8'),
        loader: 'ts',
      }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ pluginData }) => ({
        contents: standIn(pluginData as LeftOut),
      }));
      for (const entry of list)
        if (entry.expression !== undefined) leaveOutExpression(build, entry, entry.expression, asked);
    },
  };
  return { plugin, requireAllAsked: (inputs) => requireAll(list, asked, inputs) };
}

/** Replaces an expression by `undefined` in a file that itself stays in the bundle. */
function leaveOutExpression(
  build: PluginBuild,
  entry: LeftOut,
  expression: string,
  asked: Set<LeftOut>,
): void {
  const file = escaped(`node_modules/${entry.by}/${entry.module}`).replaceAll('/', String.raw`[\\/]`);
  build.onLoad({ filter: new RegExp(`${file}$`) }, async ({ path }) => {
    const contents = await readFile(path, 'utf8');
    const all = new RegExp(String.raw`\b${escaped(expression)}\b`, 'g');
    if (all.test(contents)) asked.add(entry);
    return { contents: contents.replaceAll(all, 'undefined'), loader: 'js' };
  });
}

function standIn({ module, why, calledAnyway }: LeftOut): string {
  const facts = [module, why, calledAnyway ?? []].map((fact) => JSON.stringify(fact));
  return `module.exports = require(${JSON.stringify(STAND_IN)}).refusal(${facts.join(', ')});`;
}

function requireAll(list: readonly LeftOut[], asked: ReadonlySet<LeftOut>, inputs: readonly string[]): void {
  const present = new Set(inputs.map(packageNameOf));
  const stale = list.find((entry) => present.has(entry.by) && !asked.has(entry));
  if (stale === undefined) return;
  throw new Error(
    `${stale.by} no longer asks for ${stale.expression ?? stale.module}, which scripts/build/left-out.ts leaves out of it: look at what it uses now, then correct the list`,
  );
}

function anyOf(names: readonly string[]): RegExp {
  return new RegExp(`^(?:${names.map(escaped).join('|')})$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
