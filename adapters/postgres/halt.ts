import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import type { Folder } from './folder.ts'
import { isAlive, readPostmaster, serves } from './postmaster.ts'

const STOP_TIMEOUT_MS = 20_000

/** A fast shutdown: open transactions roll back, everything committed is on disk. */
export async function halt(folder: Folder, pid: number): Promise<void> {
  if (readPostmaster(folder.data)?.pid !== pid || !serves(pid, folder.data)) return
  signalStop(folder, pid, 'SIGINT')
  const deadline = Date.now() + STOP_TIMEOUT_MS
  while (isAlive(pid) && readPostmaster(folder.data)?.pid === pid) {
    if (Date.now() > deadline) {
      signalStop(folder, pid, 'SIGQUIT')
      return
    }
    await sleep(20)
  }
}

function signalStop(folder: Folder, pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  if (process.platform !== 'win32') return void process.kill(pid, signal)
  const binaries = findBinaries()
  if (typeof binaries === 'string') return
  const mode = signal === 'SIGINT' ? 'fast' : 'immediate'
  spawnSync(binaries.pgCtl, ['stop', '-D', folder.data, '-m', mode, '-W'])
}

/** The server never outlives an owner that ends in any way but SIGKILL. */
export function stopOnExit(pid: () => number, stop: () => Promise<void>): () => Promise<void> {
  const onExit = () => isAlive(pid()) && process.kill(pid(), 'SIGINT')
  const onSignal = (signal: NodeJS.Signals) => {
    // An owner with a handler of its own closes its work first and then calls stop itself.
    if (process.listenerCount(signal) > 1) return
    void stopped().finally(() => process.kill(process.pid, signal))
  }
  const stopped = async () => {
    await stop()
    process.off('exit', onExit).off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.on('exit', onExit).on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return stopped
}
