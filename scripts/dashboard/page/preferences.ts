/** Language and theme: the browser's own at first, then what was chosen here, remembered on this machine. */

import { computed, effect, signal } from '@preact/signals';
import { en, type Texts } from './texts/en.ts';
import { zh } from './texts/zh.ts';

export type Language = 'en' | 'zh';
export type Theme = 'light' | 'dark';

const DARK = matchMedia('(prefers-color-scheme: dark)');

export const language = signal<Language>(
  remembered('language', ['en', 'zh']) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
);
const isSystemDark = signal(DARK.matches);
const chosenTheme = signal<Theme | undefined>(remembered('theme', ['light', 'dark']));
export const theme = computed<Theme>(() => chosenTheme.value ?? (isSystemDark.value ? 'dark' : 'light'));
export const texts = computed<Texts>(() => (language.value === 'zh' ? zh : en));

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  remember('language', chosen);
}

export function chooseTheme(chosen: Theme): void {
  chosenTheme.value = chosen;
  remember('theme', chosen);
}

/** Applies the preferences to the document. */
export function showPreferences(): void {
  DARK.addEventListener('change', () => (isSystemDark.value = DARK.matches));
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset['theme'] = theme.value;
  });
}

function remembered<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  try {
    return allowed.find((value) => value === localStorage.getItem(name));
  } catch {
    return undefined;
  }
}

/** A browser that keeps nothing (a private window) still shows the choice. */
function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice is forgotten at the next visit, as that browser was set to do.
  }
}
