import { Piscina } from 'piscina'
import {
  type CardRoots,
  type ChipProblem,
  type ChipSignature,
  verifyChipSignature,
} from './chip.ts'

export interface VerifyPoolOptions {
  readonly trusted: CardRoots
  /** Threads at most. One serves some 1,200 cards a second. */
  readonly threads: number
  /** Told of each check that a thread was asked for in vain. */
  readonly onFallback?: (error: unknown) => void
  /** What the threads run; for tests of what happens where they cannot. */
  readonly worker?: string
}

/** SM2 checks beside the event loop, which a chain of certificates would hold up for 0.75 ms. */
export interface VerifyPool {
  verifyChip(chip: ChipSignature): Promise<'genuine' | ChipProblem>
  /** Waits for what is being checked and ends the threads. */
  close(): Promise<void>
}

const workerFile = new URL('verifyWorker.ts', import.meta.url).href

/**
 * Threads start with the first check. Where they cannot, or one dies, what was asked of them and all that comes later is
 * checked on the main thread: slower, and as right.
 */
export function createVerifyPool(options: VerifyPoolOptions): VerifyPool {
  const { trusted, onFallback } = options
  let pool: Piscina | undefined
  const giveUp = async (): Promise<void> => {
    const broken = pool
    pool = undefined
    // Whatever waits in its queue is refused by this, and falls back as well.
    await broken?.destroy()
  }
  try {
    pool = openPool(options)
    // A thread that cannot start is told here and to none of the checks that wait for it.
    pool.on('error', () => void giveUp())
  } catch (error) {
    onFallback?.(error)
  }
  return {
    async verifyChip(chip) {
      try {
        if (pool) return (await pool.run(plain(chip))) as 'genuine' | ChipProblem
      } catch (error) {
        onFallback?.(error)
        await giveUp()
      }
      return verifyChipSignature(chip, trusted)
    },
    async close() {
      const open = pool
      pool = undefined
      await open?.close()
    },
  }
}

const openPool = ({ trusted, threads, worker = workerFile }: VerifyPoolOptions): Piscina =>
  new Piscina({
    filename: worker,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
    workerData: trusted,
  })

/** Buffers share their memory with others, which is copied whole; these copies are as long as they look. */
function plain(chip: ChipSignature): ChipSignature {
  return {
    ...chip,
    chain: chip.chain.map((each) => Uint8Array.from(each)),
    challenge: Uint8Array.from(chip.challenge),
    signature: Uint8Array.from(chip.signature),
  }
}
