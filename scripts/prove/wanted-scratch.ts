/** The scratch function as it is deployed on a real environment. */

import { DESCRIPTION, type WantedFunction } from '../deploy/wanted.ts';
import { SCRATCH_FUNCTION, TRIGGER, VARIABLE, VARIABLE_BYTES } from './scratch.ts';

/** `timeout`: in seconds. */
export function wantedScratch(timeout: number): WantedFunction {
  const settings = {
    name: SCRATCH_FUNCTION,
    handler: 'index.main',
    runtime: 'Nodejs20.19',
    timeout,
    memorySize: 256,
    description: DESCRIPTION,
  };
  return {
    ...settings,
    folder: SCRATCH_FUNCTION,
    forCli: { ...settings, installDependency: false },
    variables: new Map([[VARIABLE, 'x'.repeat(VARIABLE_BYTES)]]),
    triggers: [TRIGGER],
  };
}
