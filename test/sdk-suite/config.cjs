/** What the suite asks its user for. The SDK finds its keys in the file that `npm start -- --env-file` writes. */

'use strict';

module.exports = {
  env: process.env.TCB_ENV,
  credentials: { private_key_id: 'mock-private-key-id', private_key: 'mock-private-key' },
};
