import type { ChildProcess } from 'node:child_process'

interface Handle {
  close(): void
}

/** Which process a connection was handed to last: one that does not take it gives it back, and another gets it. */
const takers = new WeakMap<Handle, ChildProcess>()

/**
 * Closes the connection that was on its way to a process when that ended: node:cluster waits for its word for ever, and so would
 * the client. Only the last one can be on its way, for each process gets the next once it has taken the one before; and one
 * that was taken is closed on this side already.
 */
export function closeUntaken(child: ChildProcess): void {
  const send = child.send.bind(child) as (...sent: unknown[]) => boolean
  let last: Handle | undefined
  const sendAndNote = (message: unknown, handle?: Handle, ...rest: unknown[]): boolean => {
    if (handle && typeof handle.close === 'function') {
      takers.set(handle, child)
      last = handle
    }
    return send(message, handle, ...rest)
  }
  child.send = sendAndNote as typeof child.send
  child.once('exit', () => {
    if (last && takers.get(last) === child) last.close()
  })
}
