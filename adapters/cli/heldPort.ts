import { once } from 'node:events'
import net from 'node:net'
import type { Config } from '../config.ts'

/**
 * The port that several processes are to listen on. Where any free one will do it is looked for once and held until the first
 * of them asks for it, so that whoever takes the place of another listens on the same.
 */
export async function holdPort(
  { host, port }: Pick<Config, 'host' | 'port'>,
  stack: AsyncDisposableStack,
): Promise<() => Promise<number>> {
  if (port !== 0) return async () => port
  const holder = net.createServer((socket) => socket.destroy())
  const release = async (): Promise<void> => {
    if (!holder.listening) return
    holder.close()
    await once(holder, 'close')
  }
  stack.defer(release)
  try {
    holder.listen(0, host)
    await once(holder, 'listening')
  } catch {
    // Why nobody can listen there is told by the process that tries to.
    return async () => 0
  }
  const held = (holder.address() as net.AddressInfo).port
  return async () => {
    await release()
    return held
  }
}
