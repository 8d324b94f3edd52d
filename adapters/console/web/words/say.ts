import type { Both } from './both.ts'

export type { Both } from './both.ts'

/** The two languages of the console (中文、英文). */
export type Language = 'zh' | 'en'

const kept = 'language'

/** The language that was chosen here before, or else Chinese: this is where its users work. */
function chosen(): Language {
  return localStorage.getItem(kept) === 'en' ? 'en' : 'zh'
}

let language: Language = chosen()
const listeners = new Set<() => void>()

export const languageNow = (): Language => language

export function speak(next: Language): void {
  language = next
  localStorage.setItem(kept, next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const listener of listeners) listener()
}

/** Tells of every change of the language; whoever shows words draws them anew. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Words in the language that is spoken now. */
export const say = (zh: string, en: string): string => (language === 'zh' ? zh : en)

export const sayBoth = ({ zh, en }: Both): string => say(zh, en)
