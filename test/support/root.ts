/** The folder of this repository; in a file of its own, so that who needs no embedded cloud loads none. */

import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
