/** The same contracts on a real CloudBase environment, where somebody gives one. */

import { describe } from 'vitest';
import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { createRemoteHarness, REMOTE_NEEDS } from './remote-harness.ts';
import { storeContract } from './token-store.contract.ts';

const missing = REMOTE_NEEDS.filter((name) => !process.env[name]);
const isSkipped = missing.length > 0;

describe.skipIf(isSkipped)(
  `on CloudBase${isSkipped ? ` (skipped: ${missing.join(', ')} not set)` : ''}`,
  () => {
    storeContract('the store', createRemoteHarness);
    damageContract('the store', createRemoteHarness);
    lostAnswersContract('the store', createRemoteHarness);
  },
);
