import type { SealedPosting, SealedYear } from '../../engine/seal/posting.ts'
import { postingText } from '../../engine/seal/posting.ts'
import type { Crypto } from './needs.ts'

/** What seals a posting: its digest, and that somebody with the keys made it. */
export interface PostingSeal {
  readonly digest: Buffer
  readonly mac: Buffer
}

/** Half of an HMAC-SM3 is more than anybody can guess, and every row carries it. */
const macBytes = 16

export const digestOf = ({ sm3 }: Pick<Crypto, 'sm3'>, posting: SealedPosting): Buffer =>
  sm3(postingText(posting))

/** Whoever may write to the database but has no key cannot make one: a forged posting is told from ours. */
export const macOf = ({ index }: Pick<Crypto, 'index'>, digest: Buffer): Buffer =>
  index(`posting\0${digest.toString('base64')}`).subarray(0, macBytes)

export function sealPosting(crypto: Crypto, posting: SealedPosting): PostingSeal {
  const digest = digestOf(crypto, posting)
  return { digest, mac: macOf(crypto, digest) }
}

interface Transferred {
  readonly owner: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
}

export const sealedTransfers = (transfers: readonly Transferred[]): SealedPosting['transfers'] =>
  transfers.map(({ owner, leg, kind, debit, credit, amount }) => [
    owner,
    leg,
    kind,
    debit,
    credit,
    String(amount),
  ])

export const sealedBalances = (
  balances: readonly {
    readonly owner: string
    readonly account: string
    readonly version: bigint
    readonly balance: bigint
  }[],
): SealedPosting['balances'] =>
  balances.map(({ owner, account, version, balance }) => [
    owner,
    account,
    String(version),
    String(balance),
  ])

export const sealedYear = (
  owner: string,
  year: string,
  version: bigint,
  counters: ReadonlyMap<string, bigint>,
): SealedYear => [owner, year, String(version), [...counters].map(([of, sum]) => [of, String(sum)])]
