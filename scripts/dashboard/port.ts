/** The port of the page: the usual one, the next free one when that is busy, or exactly the one that was asked for. */

import { pick } from '../command/language.ts';

/** Beside the door of npm start. */
const USUAL_PORT = 18_601;

export interface WantedPort {
  port: number;
  /** Any free one will do when it is busy. */
  isFlexible: boolean;
}

/** Throws one readable line for what is no port. */
export function readPort(text: string | undefined): WantedPort {
  if (text === undefined) return { port: USUAL_PORT, isFlexible: true };
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return { port, isFlexible: false };
  throw new Error(
    pick({
      en: `--port must be a number from 0 to 65535 (0: any free port), not ${JSON.stringify(text)}`,
      zh: `--port 必须是 0 到 65535 的数字（0：任意空闲端口），不能是 ${JSON.stringify(text)}`,
    }),
  );
}

export async function listen<T>(
  { port, isFlexible }: WantedPort,
  start: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!isBusy(error)) throw error;
    if (isFlexible) return start(0);
    throw new Error(
      pick({
        en: `port ${port} is busy: choose another with --port, or 0 for any free one`,
        zh: `端口 ${port} 被占用：请用 --port 换一个，0 表示任意空闲端口`,
      }),
      {
        cause: error,
      },
    );
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
