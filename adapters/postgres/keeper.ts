import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddedServer } from './embedded.ts'

export interface KeeperOptions {
  readonly server: Pick<EmbeddedServer, 'lives' | 'restart'>
  /** Hears of every attempt once, with its error where it failed. */
  readonly onAttempt: (attempt: number, error?: unknown) => void
  /** Hears that no attempt helped; nothing is tried after that. */
  readonly onGivenUp: () => void
  readonly look_ms?: number
  readonly firstPause_ms?: number
  readonly attempts?: number
}

export interface Keeper {
  /** Stops looking, after the attempt that is under way. */
  stop(): Promise<void>
}

const longestPause_ms = 30_000

/** Looks after a server that nobody else does: where it is gone, it is started again, more and more patiently. */
export function keepRunning(options: KeeperOptions): Keeper {
  const { server, onGivenUp, look_ms = 250 } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const keep = async (): Promise<void> => {
    for (;;) {
      await pause(look_ms, signal)
      if (signal.aborted) return
      if (server.lives() || (await revive(options, signal))) continue
      if (!signal.aborted) onGivenUp()
      return
    }
  }
  const kept = keep()
  return {
    async stop() {
      stopping.abort()
      await kept
    },
  }
}

async function revive(options: KeeperOptions, signal: AbortSignal): Promise<boolean> {
  const { server, onAttempt, firstPause_ms = 500, attempts = 10 } = options
  for (let attempt = 1; attempt <= attempts && !signal.aborted; attempt++) {
    try {
      await server.restart()
      onAttempt(attempt)
      return true
    } catch (error) {
      onAttempt(attempt, error)
      const rest_ms = Math.min(longestPause_ms, firstPause_ms * 2 ** (attempt - 1))
      if (attempt < attempts) await pause(rest_ms, signal)
    }
  }
  return false
}

/** A pause that is cut short is over like any other. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {})
