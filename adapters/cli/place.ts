import type { Clock } from '../../engine/ports.ts'
import type { Bank, PayingBank } from '../bank/bank.ts'
import type { ClockBeginning } from '../sandbox/clock.ts'
import type { MetricParts } from '../metrics.ts'
import type { Turns } from './turns.ts'

/** What processes that serve together tell each other at once: somebody stands at a till or a window; somebody signed out. */
export type Word = 'beside' | 'signed-out'

/** The other processes that serve the same port (同机其他进程). */
export interface Siblings {
  /** Resolves once the others have heard it, or were given up on. */
  tell(word: Word): Promise<void>
  hear(word: Word, listener: () => void): void
}

/** Where a process stands among those that serve one port, and what these have in common. */
export interface Place {
  /** From 1. The first does what is to be done once. */
  readonly slot: number
  readonly of: number
  readonly siblings: Siblings
  /** What the process that started all of them keeps for them; a process that serves alone has it itself. */
  readonly common?: Common | undefined
}

export interface Common {
  /** The clock of the sandbox. */
  readonly clock: Clock | undefined
  /** The bank that the sandbox simulates. */
  readonly bank: Bank & PayingBank
  readonly turns: Turns
  /** The rules that the others decide by; the first takes those there are. */
  readonly packHash: string | undefined
  /** Where to listen: a free port is looked for once. */
  port(): Promise<number>
  /** The counters of all processes added up. */
  metrics(): Promise<string>
}

export const alone: Place = {
  slot: 1,
  of: 1,
  siblings: { tell: async () => {}, hear: () => {} },
}

/** A process's part of what all may have together, and one at least. */
export const shareOf = (all: number, { slot, of }: Pick<Place, 'slot' | 'of'>): number =>
  Math.max(1, Math.floor(all / of) + (slot <= all % of ? 1 : 0))

/** What a worker is told to begin with. It goes over the channel and not by the environment, for an address has a password. */
export interface Beginning {
  readonly slot: number
  readonly of: number
  readonly databaseUrl: string
  readonly clock: { readonly beginning: ClockBeginning; readonly limit: number } | undefined
  readonly packHash: string | undefined
}

/** What it tells once it serves. */
export interface Begun {
  readonly url: string
  readonly packHash: string
}

/** What the one that started them calls a worker for. */
export type WorkerAnswers = {
  begin(beginning: Beginning): Promise<Begun>
  /** Lets everything that it accepted be answered. */
  stop(): Promise<void>
  metrics(): Promise<MetricParts>
  limitClock(limit: number): void
  hear(word: Word): void
}

/** What a worker calls the one that started it for. */
export type ParentAnswers = {
  port(): Promise<number>
  metrics(): Promise<string>
  tell(word: Word): Promise<void>
} & Turns &
  Bank &
  PayingBank
