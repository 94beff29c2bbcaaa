/** The store on the simulator's database keeps the same contracts as on the cloud's. */

import { damageContract } from './damage.contract.ts';
import { lostAnswersContract } from './lost-answers.contract.ts';
import { createMemoryHarness } from './memory-harness.ts';
import { storeContract } from './token-store.contract.ts';

storeContract('in memory', createMemoryHarness);
damageContract('in memory', createMemoryHarness);
lostAnswersContract('in memory', createMemoryHarness);
