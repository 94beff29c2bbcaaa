/** `analytics(…)`: taken and forgotten, there is nobody to look at it. */

import type { Action } from '../call.ts';

export const report: Action = () => ({ data: {} });
