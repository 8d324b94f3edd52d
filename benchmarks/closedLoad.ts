import { Door, type Sent, type Shot } from './openModel.ts'

/** So many connections, each of which sends its next request once the one before is answered, for so many seconds. */
export async function keepBusy(
  url: string,
  connections: number,
  seconds: number,
  requests: Iterable<Sent>,
): Promise<Shot[]> {
  const door = new Door(url)
  const left = requests[Symbol.iterator]()
  const until = performance.now() + seconds * 1000
  const shots: Shot[] = []
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      const next = left.next()
      if (next.done) throw new Error('there are too few requests for so many seconds')
      const asked = performance.now()
      const { status } = await door.send(next.value)
      shots.push({ latency_ms: performance.now() - asked, status })
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  door.close()
  return shots
}
