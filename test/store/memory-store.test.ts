/** The store on the simulator's database keeps the same contracts as on the cloud's. */

import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { createMemoryBench } from './memory-bench.ts';
import { storeContract } from './token-store.contract.ts';

storeContract('in memory', createMemoryBench);
damageContract('in memory', createMemoryBench);
lostAnswersContract('in memory', createMemoryBench);
