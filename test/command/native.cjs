/** Imports a built file as Node.js does: vitest would take it through its own loader, which takes seconds. */

'use strict';

const { pathToFileURL } = require('node:url');

exports.importBuilt = (file) => import(pathToFileURL(file).href);
