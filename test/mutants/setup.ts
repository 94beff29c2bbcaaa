/** A mutant is dead at the first failure: nobody reads the smallest example of it. */

import * as fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
