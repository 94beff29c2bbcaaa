/** A process that writes until it is killed, and says so after every write that was acknowledged. */

import { writeSync } from 'node:fs';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase } from '../../../scripts/local/database/open.ts';

const database = openDatabase({ folder: process.argv[2], clock: createCloudClock() });
database.createCollection('c');
const collection = database.collection('c');
await collection.insert([{ _id: 'counter', n: 0 }]);

for (let n = 1; ; n += 1) {
  await collection.insert([{ _id: `document ${n}`, text: 'x'.repeat(n % 500) }]);
  await collection.update({ query: { _id: 'counter' }, update: { $set: { n } } });
  // Not console.log, which may keep the line for later.
  writeSync(1, `${n}\n`);
}
