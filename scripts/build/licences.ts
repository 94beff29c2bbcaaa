/** THIRD_PARTY_LICENSES: the licence texts of what is really in a bundle, which go with it wherever it is handed on. */

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage } from './contents.ts';

const TITLE = 'The file index.js beside this one contains parts of the following packages.';
const RULE = '-'.repeat(80);

/** A package may have several: a licence, and notices that it asks to keep. */
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)/i;

export async function licencesOf(packages: readonly BundledPackage[], title = TITLE): Promise<string> {
  const parts = await Promise.all(packages.map(describe));
  return `${[title, ...parts].join(`\n\n${RULE}\n\n`)}\n`;
}

async function describe({ name, version, licence, folder }: BundledPackage): Promise<string> {
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const told = licence === 'unknown' ? 'names no licence' : `licence: ${licence}`;
  const found = texts.map((text) => text.replaceAll('\r\n', '\n').trim());
  const missing = found.length === 0 ? ['(the package comes without the text of a licence)'] : [];
  return [`${name} ${version}, ${told}`, ...found, ...missing].join('\n\n');
}
