import type { Ran, RunOptions } from '../arm/step.ts'

/** What a settlement comes to in a ledger: how many accounts there are of each kind, and what it moves, in fen. */
export interface Shape {
  readonly people: number
  readonly institutions: number
  /** From the one fund to the institution, and from the person's account to it: two transfers, four entries. */
  readonly paid: number
  readonly drawn: number
}

/** How a peer is run: at least a safe and a fast way. */
export interface Setting {
  readonly name: string
  readonly says: string
  /** Of the server, for the connections of the peer alone. */
  readonly settings: Readonly<Record<string, string>>
  /** Requests in one transaction of the database. */
  readonly batch: number
}

export interface PeerOptions extends RunOptions {
  readonly shape: Shape
  readonly setting: Setting
}

/** Another ledger that does as many postings a request as ours, on the same server. */
export interface Peer {
  readonly name: string
  /** What it is and how it is driven. */
  readonly about: string
  readonly settings: readonly Setting[]
  /** Why it cannot run on this machine; undefined where it can. */
  readonly missing: () => string | undefined
  readonly prepare: (url: string, shape: Shape) => Promise<void>
  readonly run: (options: PeerOptions) => Promise<Ran>
  /** What does not hold of its books. */
  readonly wrong: (url: string) => Promise<readonly object[]>
  readonly drop: (url: string) => Promise<void>
}

export const safe: Setting = {
  name: 'safe',
  says: 'synchronous_commit on, one request a transaction',
  settings: { synchronous_commit: 'on' },
  batch: 1,
}
export const fast: Setting = {
  name: 'fast',
  says: 'synchronous_commit off: what was answered may be lost with the machine',
  settings: { synchronous_commit: 'off' },
  batch: 1,
}

/** What every account of a person holds: more than any run spends. */
export const balance = 100_000_000
