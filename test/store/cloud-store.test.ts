/** The store through the real SDK keeps the contracts. */

import { createCloudBench } from './cloud-bench.ts';
import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { storeContract } from './token-store.contract.ts';

storeContract('on the embedded cloud', createCloudBench);
damageContract('on the embedded cloud', createCloudBench);
lostAnswersContract('on the embedded cloud', createCloudBench);
