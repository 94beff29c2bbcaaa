/** The licences that go with a bundle: of all that is in it, and of nothing else. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { ROOT } from '../support/cloud.ts';

it('stand beside each function, with the text of every package that is bundled', async () => {
  const outDir = join(mkdtempSync(join(tmpdir(), 'licences-')), 'functions');
  const built = await buildFunctions({ root: ROOT, outDir });
  expect(built.map(({ name }) => name)).toEqual(['refreshAccessToken', 'getAccessToken']);
  for (const { name, directory } of built) {
    const text = readFileSync(join(directory, 'THIRD_PARTY_LICENSES'), 'utf8');
    const listed = JSON.parse(readFileSync(join(outDir, `../packages/${name}.json`), 'utf8')) as Package[];
    expect(listed.length).toBeGreaterThan(5);
    const told = [...text.matchAll(/^(\S+) (\S+), (?:licence: |names no licence$)/gm)];
    expect(told.map(([, package_, version]) => `${package_}@${version}`)).toEqual(
      listed.map((one) => `${one.name}@${one.version}`),
    );
    for (const { name: bundled } of listed) {
      const own = text.split('-'.repeat(80)).find((part) => part.trim().startsWith(`${bundled} `)) ?? '';
      const hasText = /Permission is hereby granted|Apache License|Redistribution and use/.test(own);
      expect({ bundled, isTold: hasText || own.includes('without the text of a licence') }).toEqual({
        bundled,
        isTold: true,
      });
    }
    expect(text).not.toMatch(/^(?:vitest|esbuild|typescript) /m);
    expect(text).toContain('Copyright (c) 2014-present Matt Zabriskie');
  }
});

interface Package {
  name: string;
  version: string;
}
