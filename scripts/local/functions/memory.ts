/** How much memory an instance uses, and when that is more than the function has. */

import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
/** Node.js itself takes some 50 MB, with an SDK 80: less than this is no leak. */
const LEAST_MB = 128;

/** False where there is no /proc: there the heap's own bound has to do. */
export function isOutOfMemory(pid: number, memorySize: number): boolean {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * PAGE_BYTES > heapLimitMb(memorySize) * 2 ** 20;
  } catch {
    return false;
  }
}

export function heapLimitMb(memorySize: number): number {
  return Math.max(memorySize, LEAST_MB);
}
