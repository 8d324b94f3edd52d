import { Clients, finalOf, type Story, wordsOf } from './client.ts'
import { Engine } from './engine.ts'
import type { Fault } from './faults.ts'
import type { Random } from './random.ts'
import { type Op, Workload } from './workload.ts'

const ops = 40
const mostCopies = 20

/** F14: every request reaches two engines of one database up to twenty times, at once and later. */
export const duplicate: Fault = {
  name: 'F14 duplicates',
  says: 'each request 1-20 times at once, on two engines, settled and then cancelled',
  async run(bench, random, tag) {
    const { clients, database, name, proxy } = bench
    const twin = await Engine.at(database.appUrl(name, proxy.port))
    await twin.start()
    const others = new Clients(twin.port)
    const workload = new Workload(random.fork('claims'), tag)
    const senders = [clients, others] as const
    let struck = 0
    const sendAll = async (asked: readonly Op[]): Promise<Story[]> => {
      const stories = asked.map((op) => clients.write(op))
      const sent = stories.map((story) => copies(story, random, senders))
      struck += (await Promise.all(sent)).reduce((all, count) => all + count, 0)
      await Promise.all(stories.map((story) => clients.finish([story], random.fork(story.op.key))))
      return stories
    }
    try {
      const claims = await sendAll(Array.from({ length: ops }, () => workload.claim()))
      const settled = claims.filter((story) => finalOf(story)?.status === 201)
      const undone = await sendAll(
        settled
          .slice(0, ops / 4)
          .map((story) => workload.cancellation(wordsOf(story)['id'] ?? '', story.op.institution)),
      )
      const report = await bench.judge(random)
      for (const { op, told, answers } of [...claims, ...undone]) {
        const first = told.filter((word) => word === 'answered').length
        if (answers[0]?.status === 201 && first !== 1)
          report.verdict.unexplained.push(`${op.key}: ${first} answers say that they are the first`)
      }
      return { ...report, struck }
    } finally {
      others.close()
      await twin.stop()
    }
  },
}

/** Sends a request so many times at once, to one engine or the other. */
async function copies(story: Story, random: Random, senders: readonly Clients[]): Promise<number> {
  const count = random.between(1, mostCopies)
  const chosen = Array.from({ length: count }, () => random.pick(senders))
  await Promise.all(chosen.map((sender) => sender.send(story)))
  return count
}
