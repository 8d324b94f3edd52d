import type { Ran, RunOptions } from '../arm/step.ts'

/** What a request comes to in a ledger: how many accounts there are of each kind, and what one settlement moves. */
export interface Shape {
  readonly people: number
  readonly institutions: number
  /** In fen, one a transfer: the first from the fund, the others from the person, all to the institution. */
  readonly amounts: readonly number[]
}

export interface PeerOptions extends RunOptions {
  readonly shape: Shape
}

/** Another ledger that does as many postings a request as ours, on the same server. */
export interface Peer {
  readonly name: string
  /** What it is and how it is driven. */
  readonly about: string
  /** Why it cannot run on this machine; undefined where it can. */
  readonly missing: () => string | undefined
  readonly prepare: (url: string, shape: Shape) => Promise<void>
  readonly run: (options: PeerOptions) => Promise<Ran>
  readonly drop: (url: string) => Promise<void>
}
