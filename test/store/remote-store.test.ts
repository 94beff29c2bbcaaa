/** The same contracts on a real CloudBase environment, where somebody gives one. */

import { describe } from 'vitest';
import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { createRemoteBench, REMOTE_NEEDS } from './remote-bench.ts';
import { storeContract } from './token-store.contract.ts';

const missing = REMOTE_NEEDS.filter((name) => !process.env[name]);
const isSkipped = missing.length > 0;

describe.skipIf(isSkipped)(
  `on CloudBase${isSkipped ? ` (skipped: ${missing.join(', ')} not set)` : ''}`,
  () => {
    storeContract('the store', createRemoteBench);
    damageContract('the store', createRemoteBench);
    lostAnswersContract('the store', createRemoteBench);
  },
);
