/** How an embedded cloud differs from the one that is known; a test turns one of them at a time. */

import type { Cloud } from '../local/cloud.ts';
import type { CloudOptions } from '../local/cloud-options.ts';

export interface Knobs {
  /** What is done to the cloud before anything is tried. */
  prepare?(cloud: Cloud): void;
  host?: CloudOptions['host'];
  /** The access tag that is read back. */
  access?: string;
  readUnsigned?: () => Promise<{ refused: string } | { read: true }>;
  hasTimer?: boolean;
  isTickAwaited?: boolean;
  isRepeating?: boolean;
  /** For a tick. */
  patienceMs?: number;
  repeatPatienceMs?: number;
  variables?: Record<string, string>;
}
