/** What is said of a reason to refuse, with the facts to be put in. */
export interface Message {
  readonly status: 404 | 422
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
