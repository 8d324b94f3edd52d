/** A transfer as it is sealed: owner, leg, kind, debit account, credit account, fen. */
export type SealedTransfer = readonly [
  owner: string,
  leg: number,
  kind: string,
  debit: string,
  credit: string,
  amount_fen: string,
]

/** A balance as it is sealed: owner, account, version, fen. */
export type SealedBalance = readonly [
  owner: string,
  account: string,
  version: string,
  balance_fen: string,
]

/** The running sums of a year as they are sealed: owner, year, version, and each sum by its name. */
export type SealedYear = readonly [
  owner: string,
  year: string,
  version: string,
  counters: readonly (readonly [name: string, sum: string])[],
]

/** All that a posting wrote (入账内容): what its digest, and so the seal, is made of. Numbers are decimal digits. */
export interface SealedPosting {
  readonly owner: string
  readonly posting: string
  readonly transfers: readonly SealedTransfer[]
  readonly balances: readonly SealedBalance[]
  readonly years: readonly SealedYear[]
  /** The canonical JSON of its row; empty for an opening balance, which has none. */
  readonly document: string
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The one text of a posting: a line of JSON with what was posted, in one order whoever read it and from wherever, and then
 * its document as it is, which has no line feed in it.
 */
export function postingText(sealed: SealedPosting): string {
  const { owner, posting, transfers, balances, years, document } = sealed
  const posted = [
    owner,
    posting,
    transfers.toSorted((a, b) => a[1] - b[1] || byText(a[0], b[0])),
    balances.toSorted((a, b) => byText(a[0], b[0]) || byText(a[1], b[1])),
    years
      .toSorted((a, b) => byText(a[0], b[0]) || byText(a[1], b[1]))
      .map(([of, year, version, counters]) => [
        of,
        year,
        version,
        counters.toSorted(([a], [b]) => byText(a, b)),
      ]),
  ]
  return `${JSON.stringify(posted)}\n${document}`
}

/** A place in the journal: what one leaf of its log says. */
export interface SealedPlace {
  readonly position: number
  readonly owner: string
  readonly posting: string
  /** RFC 3339 in UTC, to the microsecond: when it got its place. */
  readonly at: string
  /** SM3 of the text of the posting, in base64. */
  readonly digest: string
}

/** The text of a leaf: its members in the order of their names. The first position, 1, is leaf 0. */
export const placeText = ({ at, digest, owner, position, posting }: SealedPlace): string =>
  JSON.stringify({ at, digest, owner, position, posting })
