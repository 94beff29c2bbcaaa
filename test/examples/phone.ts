/** A stand-in for the phone: loads the mini program's own files, gives them `wx`, and lets a test tap. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { ROOT } from '../support/cloud.ts';

export const MINI_PROGRAM = join(ROOT, 'examples/miniprogram');

export type Page = Record<string, unknown> & {
  data: Record<string, unknown>;
  setData(changed: Record<string, unknown>): void;
};

export interface Phone {
  /** Opens a page of app.json, as a link would. */
  open(path: string, query?: Record<string, string>): Page;
  launch(): void;
}

/** `files` replaces modules of the mini program by their path, such as its config. */
export function createPhone(wx: object, files: Record<string, unknown> = {}): Phone {
  const load = (path: string, globals: Record<string, unknown>): unknown => {
    const module = { exports: {} as unknown };
    const find = (name: string): unknown => {
      const found = join(dirname(path), name);
      return Object.hasOwn(files, found) ? files[found] : load(`${found}.js`, globals);
    };
    const code = readFileSync(join(MINI_PROGRAM, path), 'utf8');
    // A realm of its own, which has the language and nothing of Node: as on a phone.
    runInNewContext(code, { module, require: find, wx, console, ...globals }, { filename: path });
    return module.exports;
  };
  return {
    open(path, query = {}) {
      let page: Page | undefined;
      load(`${path}.js`, { Page: (options: Page) => (page = startPage(options)) });
      if (page === undefined) throw new Error(`${path} calls no Page()`);
      (page['onLoad'] as ((query: object) => void) | undefined)?.call(page, query);
      return page;
    },
    launch: () => void load('app.js', { App: (options: { onLaunch(): void }) => options.onLaunch() }),
  };
}

/** Calls a handler as a tap does. */
export async function tap(page: Page, handler: string, detail: object = {}): Promise<void> {
  await (page[handler] as (event: object) => Promise<void> | void).call(page, { detail });
}

function startPage(options: Page): Page {
  const page: Page = { ...options, data: { ...options.data } };
  // Only what the page declares: WXML shows nothing else.
  page.setData = (changed) => {
    const unknown = Object.keys(changed).filter((name) => !Object.hasOwn(options.data, name));
    if (unknown.length > 0) throw new Error(`setData of what data does not declare: ${unknown.join(', ')}`);
    Object.assign(page.data, JSON.parse(JSON.stringify(changed)));
  };
  return page;
}
