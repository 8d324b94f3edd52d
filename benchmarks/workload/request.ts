/** What a request is, for whoever counts them; its path tells the same to the server. */
export type RequestKind =
  | 'outpatient'
  | 'emergency'
  | 'pharmacy'
  | 'special'
  | 'inpatient'
  | 'daySurgery'
  | 'preview'
  | 'repeat'
  | 'reversal'

/** One request as it is sent, all of it POST. */
export interface Request {
  readonly kind: RequestKind
  readonly path: string
  readonly key: string
  readonly type: string
  readonly body: string
}
