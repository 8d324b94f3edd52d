/** Words in both languages, Chinese first: `zh` and `en`, as the server tells them too. */
export interface Both {
  readonly zh: string
  readonly en: string
}
