/** The text of one alert, in Chinese and then in English, within what a WeCom robot takes. Pure. */

import { chinese } from './chinese.ts';
import type { Changes } from './changes.ts';
import { english } from './english.ts';
import type { Finding } from './conditions.ts';
import { isSilence } from './incidents.ts';
import type { Incident } from './incidents.ts';
import { clockTime, inCode, nameOf } from './wording.ts';
import type { Wording } from './wording.ts';
import { LONGEST_MESSAGE_BYTES } from './webhook.ts';

/** As many incidents as fit, those that began before those that ended, then how many more there are. */
export function compose({ opened, recovered }: Changes, nowMs: number): string {
  const inLanguage = (words: Wording): string[] => [
    ...opened.map((finding) => openedBlock(words, finding, nowMs)),
    ...recovered.map((incident) => recoveredBlock(words, incident, nowMs)),
  ];
  const blocks = [chinese, english].map((words) => ({ words, all: inLanguage(words) }));
  const count = opened.length + recovered.length;
  for (let shown = count; ; shown--) {
    const text = blocks.map(({ words, all }) => section(words, all, shown)).join('\n\n');
    if (shown <= 1 || Buffer.byteLength(text) <= LONGEST_MESSAGE_BYTES) return text;
  }
}

function section(words: Wording, all: readonly string[], shown: number): string {
  const rest = all.length - shown;
  return [`### ${words.heading}`, ...all.slice(0, shown), ...(rest > 0 ? [words.rest(rest)] : [])].join('\n');
}

/** `warning` and `info` are two of the three colours that WeCom knows. */
function openedBlock(words: Wording, finding: Finding, nowMs: number): string {
  const first = `<font color="warning">${words.title(finding)}</font> ${whose(words, finding)}`;
  return [first, ...linesOf(words, finding, nowMs).map((line) => `> ${line}`)].join('\n');
}

function linesOf(words: Wording, finding: Finding, nowMs: number): string[] {
  const lines = [words.since(clockTime(finding.sinceAtMs)), words.cause(finding)];
  if ('endsAtMs' in finding) {
    const { endsAtMs } = finding;
    const isOver = endsAtMs === null || endsAtMs <= nowMs;
    const name = nameOf(finding);
    lines.push(isOver ? words.nothingLeft(name) : words.goodUntil(name, clockTime(endsAtMs)));
  }
  return [...lines, words.advice(finding)];
}

function recoveredBlock(words: Wording, incident: Incident, nowMs: number): string {
  return `<font color="info">${words.recovered(incident, nowMs)}</font> ${whose(words, incident)}`;
}

function whose({ allApps }: Wording, { kind, appid }: Incident): string {
  return isSilence(kind) ? allApps : inCode(appid);
}
