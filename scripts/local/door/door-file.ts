/** `door.json` in a data folder: where the client door of the `npm start` on it is, and its secret, while it runs. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from '../private-files.ts';

const FILE = 'door.json';

/** Whatever the file holds, the address is one of this machine. */
const Door = z.object({
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  secret: z.string().min(1),
});

export type DoorAccess = z.output<typeof Door>;

/** Returns what takes it back; a killed process leaves it behind, so a reader has to ask at that door. */
export function publishDoor(folder: string, { url, secret }: DoorAccess): () => void {
  const file = join(folder, FILE);
  writePrivateFile(file, `${JSON.stringify({ url, secret })}\n`);
  return () => {
    if (readDoor(folder)?.secret === secret) rmSync(file, { force: true });
  };
}

/** Null when there is none. */
export function readDoor(folder: string): DoorAccess | null {
  try {
    return Door.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return null;
  }
}
