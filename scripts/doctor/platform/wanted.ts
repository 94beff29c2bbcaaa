/** What a deployment from this checkout would make, built beside the real output so that looking changes nothing. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TickSource } from '../../../functions/_shared/runtime/config.ts';
import { configFiles } from '../../build/declarations.ts';
import { buildFunctions } from '../../build/functions.ts';
import { wantOutside } from '../../deploy/outside/parts.ts';
import { readWanted, type WantedFunction } from '../../deploy/wanted.ts';
import type { Values } from '../../platform/settings.ts';

export interface WantedParts {
  wanted: readonly WantedFunction[];
  /** The outside door; asked for only where a server needs it. */
  outside(): Promise<WantedFunction>;
  /** Where ticks are meant to come from. */
  ticks: TickSource;
  /** Whether this machine knows the variables. */
  isComplete: boolean;
}

export function wantedOf(root: string, values: Values): Promise<WantedFunction[]> {
  return inScratch(async (folder) => {
    await buildFunctions({ root, outDir: join(folder, 'functions'), files: configFiles(values) });
    return readWanted(root, join(folder, 'functions'), values);
  });
}

export function outsideOf(root: string, values: Values): Promise<WantedFunction> {
  return inScratch((folder) => wantOutside(root, join(folder, 'outside'), values));
}

async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
