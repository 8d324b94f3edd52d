/** What is said of a reason to refuse, with the facts to be put in. */
export interface Message {
  readonly status: 404 | 422 | 503
  /** In so many seconds it may be different. */
  readonly retryAfter?: number
  readonly title: string
  readonly en: string
  readonly zh: string
}

export const say = (title: string, en: string, zh: string): Message => ({
  status: 422,
  title,
  en,
  zh,
})

/** A thing that is named and that is not there, or belongs to somebody else: told the same. */
export const absent = (title: string, en: string, zh: string): Message => ({
  status: 404,
  title,
  en,
  zh,
})

/** Somebody else is away, and nothing happened: it may be asked again. */
export const away = (title: string, en: string, zh: string): Message => ({
  status: 503,
  retryAfter: 5,
  title,
  en,
  zh,
})
