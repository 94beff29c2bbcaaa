/** A bundle is made anew when a file of it has changed, and only then. */

import { readFileSync, readdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bundle } from '../../scripts/build/bundle.ts';
import { bundleFiles } from '../../scripts/build/remembered-bundle.ts';
import { ROOT } from '../support/root.ts';

// Only what lies in the repository is remembered.
const FOLDER = join(ROOT, `dist/test-remembered-${process.pid}`);
const ENTRY = join(FOLDER, 'entry.ts');
const MARK = 'remembered';
const PART = join(FOLDER, 'part.ts');

beforeAll(() => mkdir(FOLDER, { recursive: true }).then(() => undefined));
afterAll(() => {
  rmSync(remembered, { force: true });
  rmSync(FOLDER, { recursive: true });
});
beforeEach(async () => {
  writeFileSync(ENTRY, "import { word } from './part.ts';\nexport const output = word;\n");
  writeFileSync(PART, "export const word: string = 'first';\n");
  await made();
  mark();
});

const made = async (): Promise<string> => Buffer.from(await bundle(ENTRY, FOLDER)).toString();

/** The file in which it is remembered. */
let remembered = '';

function find(): string {
  const folder = join(ROOT, 'dist/bundles');
  const files = readdirSync(folder).map((name) => join(folder, name));
  return files.find((file) => readFileSync(file, 'utf8').includes(JSON.stringify(PART))) ?? '';
}

/** So that what is remembered can be told from what is made. */
function mark(): void {
  remembered ||= find();
  const [head = ''] = readFileSync(remembered, 'utf8').split('\n');
  const told = JSON.parse(head) as { outputs: { bytes: number }[] };
  for (const output of told.outputs) output.bytes = MARK.length;
  writeFileSync(remembered, `${JSON.stringify(told)}\n${MARK}`);
}

it('nothing has changed', async () => {
  expect(await made()).toBe(MARK);
});

it('another import has changed', async () => {
  writeFileSync(PART, "export const word: string = 'second';\n");
  expect(await made()).toContain('second');
});

it('a file has the same size, and a later date', async () => {
  writeFileSync(PART, "export const word: string = 'FIRST';\n");
  utimesSync(PART, new Date(), new Date(Date.now() + 5_000));
  expect(await made()).toContain('FIRST');
});

it('a file is gone', async () => {
  unlinkSync(PART);
  await expect(made()).rejects.toThrow(/^build: entry\.ts:1: Could not resolve/);
});

it('what is remembered lacks its end', async () => {
  writeFileSync(remembered, readFileSync(remembered, 'utf8').slice(0, -1));
  expect(await made()).toContain('first');
});

it.each(['', '{', '{"read":3}', 'null', 'null\n', '{"read":3}\n'])(
  'what is remembered is damaged: %j',
  async (text) => {
    writeFileSync(remembered, text);
    expect(await made()).toContain('first');
  },
);

it('the same entry bundled in another way is another bundle', async () => {
  const { outputs } = await bundleFiles({ absWorkingDir: FOLDER, entryPoints: [ENTRY], bundle: true });
  expect(Buffer.from(outputs[0]?.contents ?? '').toString()).toContain('first');
});

it('what the check refuses is refused the next time, too', async () => {
  const refuse = (): Promise<unknown> =>
    bundleFiles(
      { absWorkingDir: FOLDER, entryPoints: [ENTRY], bundle: true, minify: true },
      {
        check: () => {
          throw new Error('no');
        },
      },
    );
  await expect(refuse()).rejects.toThrow('no');
  await expect(refuse()).rejects.toThrow('no');
});
