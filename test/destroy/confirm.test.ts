/** What a user types before anything is removed: the whole name, or nothing goes. */

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { requireConfirmation } from '../../scripts/destroy/confirm.ts';

/** A terminal at which this is typed once the question is there; undefined: it is closed instead (Ctrl-D). */
function typing(text: string | undefined) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!shown.endsWith(': ')) return;
    if (text === undefined) input.end();
    else input.write(`${text}\n`);
  });
  return { terminal: { input, output }, shown: () => shown };
}

describe('a removal', () => {
  it('goes on when the name is typed', async () => {
    const { terminal, shown } = typing(' prod-1a2b3c ');
    await requireConfirmation('prod-1a2b3c', false, terminal);
    expect(shown()).toBe('Type prod-1a2b3c to remove that for good: ');
  });

  it.each([['yes'], [''], ['prod-1a2b3'], ['PROD-1A2B3C'], [undefined]])('stops at %j', async (text) => {
    const { terminal } = typing(text);
    await expect(requireConfirmation('prod-1a2b3c', false, terminal)).rejects.toThrow(
      'nothing has been removed: that was not prod-1a2b3c; run it again if you mean it',
    );
  });

  it('asks nobody where there is no terminal, and nothing with --yes', async () => {
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    await expect(requireConfirmation('prod', false, terminal)).rejects.toThrow(/no terminal .* add --yes/);
    await requireConfirmation('prod', true, terminal);
    expect(terminal.output.readableLength).toBe(0);
  });
});
