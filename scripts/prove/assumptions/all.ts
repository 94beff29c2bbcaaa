/** All assumptions, in the order in which they are tried. */

import type { Assumption } from '../assumption.ts';
import { ACCESS } from './access.ts';
import { CALLERS } from './callers.ts';
import { DEPLOYMENT } from './deployment.ts';
import { FIELDS } from './fields.ts';
import { INSERTS } from './inserts.ts';
import { INSTANCES } from './instances.ts';
import { READS } from './reads.ts';
import { SIZES } from './sizes.ts';
import { SURROUNDINGS } from './surroundings.ts';
import { TICKS } from './ticks.ts';
import { TIME } from './time.ts';
import { UPDATES } from './updates.ts';

export const DATABASE = [...UPDATES, ...INSERTS, ...READS, ...FIELDS, ...SIZES, ...ACCESS];
export const CALLS = [...CALLERS, ...SURROUNDINGS, ...INSTANCES, ...TIME];

export const LOCAL_ASSUMPTIONS: readonly Assumption[] = [...DATABASE, ...CALLS, ...TICKS];

/** The embedded cloud has no management API to deploy by. */
export const ASSUMPTIONS: readonly Assumption[] = [...LOCAL_ASSUMPTIONS, ...DEPLOYMENT];
