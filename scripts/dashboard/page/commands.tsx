/** A text whose commands stand out and can be copied. */

import { useSignal } from '@preact/signals';
import { texts } from './preferences.ts';

/** A command with its flags, as respell.ts writes it; the punctuation behind it doesn't belong to it. */
const COMMAND =
  /((?:npm run(?: -s)? [a-z-]+|npm start|npx cloudbase-access-token [a-z-]+)(?: --(?= ))?(?: --[a-z-]+(?: (?:stable|[\w.~-]*\/[^\s，。；：]*[^\s.,;:，。；：]))?)*)/;

export function WithCommands({ text }: { text: string }) {
  return (
    <>
      {text
        .split(COMMAND)
        .map((part, index) => (index % 2 === 1 ? <Command key={index} text={part} /> : part))}
    </>
  );
}

function Command({ text }: { text: string }) {
  const isCopied = useSignal(false);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text).catch(() => undefined);
    isCopied.value = true;
  }
  const { copied, copyLabel } = texts.value;
  return (
    <span class="command">
      <code>{text}</code>
      <button
        type="button"
        aria-label={isCopied.value ? copied : copyLabel(text)}
        onClick={() => void copy()}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d={isCopied.value ? 'M3 8.5l3.2 3.2L13 4.8' : 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3'} />
        </svg>
      </button>
    </span>
  );
}
