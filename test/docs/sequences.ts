/** Something said in both languages of the documents. */
export interface Said {
  readonly en: string
  readonly zh: string
}

export type Body = Readonly<Record<string, unknown>>

/** One message of a sequence as it went over the wire; no response where the line was cut. */
export interface Step {
  readonly says: Said
  readonly request: Body
  readonly response: Body | undefined
  /** What a file says that the message carries. */
  readonly file?: string | undefined
}

/** One way through the interface: a title, what it is about, and its messages. */
export interface Sequence {
  readonly title: Said
  readonly says: Said
  readonly from: Said
  readonly steps: readonly Step[]
}

export const hospitalSystem: Said = { en: 'hospital', zh: '医院' }
export const pharmacySystem: Said = { en: 'pharmacy', zh: '药店' }
