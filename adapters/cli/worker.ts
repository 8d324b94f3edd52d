// One of several processes that serve a port. adapters/cli/workers.ts starts it, tells it what to do, and it ends with that.
import { readConfig } from '../config.ts'
import { createLog, openOutput } from '../log.ts'
import { type LimitedClock, tellFrom } from '../sandbox/clock.ts'
import { openCalls } from './calls.ts'
import { closeInOrder } from './closing.ts'
import type { Beginning, Common, ParentAnswers, Siblings, Word, WorkerAnswers } from './place.ts'
import { type Running, serve } from './serve.ts'

const listeners = new Map<Word, () => void>()
let clock: LimitedClock | undefined
let starting: Promise<Running> | undefined

const stop = async (): Promise<void> => (await starting?.catch(() => undefined))?.stop()

const answers: WorkerAnswers = {
  async begin(beginning) {
    starting = begin(beginning)
    const { url, packHash } = await starting
    return { url, packHash }
  },
  stop,
  metrics: async () => (await starting)?.counted() ?? [],
  limitClock: (limit) => clock?.limitTo(limit),
  hear: (word) => listeners.get(word)?.(),
}
const parent = openCalls<ParentAnswers>(process, answers)

const siblings: Siblings = {
  tell: async (word) => parent.call('tell', word).catch(() => {}),
  hear: (word, listener) => void listeners.set(word, listener),
}

async function begin({ slot, of, databaseUrl, ...told }: Beginning): Promise<Running> {
  const config = { ...readConfig(process.env), databaseUrl }
  const output = openOutput()
  const log = createLog(config.logLevel, output.stream).child({ worker: slot })
  closeInOrder(log, stop, { heedsSignals: false })
  clock = told.clock && tellFrom(told.clock.beginning)
  clock?.limitTo(told.clock?.limit ?? 0)
  const common: Common = {
    clock,
    packHash: told.packHash,
    port: () => parent.call('port'),
    metrics: () => parent.call('metrics'),
    turns: {
      take: (name) => parent.call('take', name),
      give: (name) => parent.call('give', name),
    },
    bank: {
      collect: (order) => parent.call('collect', order),
      query: (reference) => parent.call('query', reference),
      returnMoney: (reference) => parent.call('returnMoney', reference),
      pay: (order) => parent.call('pay', order),
      queryPayment: (reference) => parent.call('queryPayment', reference),
    },
  }
  return serve(config, log, output.dropped, { slot, of, siblings, common })
}
