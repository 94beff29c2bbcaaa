/** The store through the real SDK keeps the contracts. */

import { createCloudHarness } from './cloud-harness.ts';
import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { storeContract } from './token-store.contract.ts';

storeContract('on the embedded cloud', createCloudHarness);
damageContract('on the embedded cloud', createCloudHarness);
lostAnswersContract('on the embedded cloud', createCloudHarness);
