/** Every path of WeChat that the sandbox answers. */

import { CONSUMER_ENDPOINTS } from './consumer-endpoints.ts';
import { OTHER_PATHS } from './constants.ts';
import { TOKEN_PATHS } from './faults.ts';

export const KNOWN_PATHS: readonly string[] = [
  ...TOKEN_PATHS,
  ...OTHER_PATHS,
  ...Object.keys(CONSUMER_ENDPOINTS),
];
