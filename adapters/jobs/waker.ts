import type { PgBoss } from 'pg-boss'
import { schema } from './schema.ts'
import type { Sweep } from './sweep.ts'

export interface WakerOptions {
  /** The application role's address. */
  readonly url: string
  readonly sweeps: readonly Sweep[]
  readonly wake: (sweep: Sweep) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** Wakes sweeps by pg-boss: one wake-up at a time for all processes of a database. */
export interface Waker {
  /** Sees to it that the next wake-up of a sweep is on its way, whatever became of the one before. */
  revive(sweep: Sweep): Promise<void>
  stop(): Promise<void>
}

/** A wake-up that nobody took for so long is of no use: the timers have woken the sweep since. */
const kept_s = 600
/** Only our own rows say what is due, so one that was taken and lost is not repeated. */
const wakeUp = {
  policy: 'short',
  retryLimit: 0,
  expireInSeconds: 60,
  retentionSeconds: kept_s,
  deleteAfterSeconds: kept_s,
} as const

const queueOf = ({ name }: Sweep): string => `sweep.${name}`

export async function startWaker({ url, sweeps, wake, onError }: WakerOptions): Promise<Waker> {
  const boss = await openBoss(url)
  boss.on('error', onError)
  try {
    await boss.start()
    for (const sweep of sweeps) {
      await boss.createQueue(queueOf(sweep), wakeUp)
      // Before there is anybody to take it, so that whoever starts looks at once and not only after a while.
      await boss.send(queueOf(sweep), null)
      await boss.work(queueOf(sweep), { pollingIntervalSeconds: pollOf(sweep) }, async () => {
        // The next one first: whatever becomes of this run, the chain goes on.
        await sendNext(boss, sweep).catch(onError)
        await wake(sweep)
      })
    }
  } catch (error) {
    await stop(boss)
    throw error
  }
  return {
    async revive(sweep) {
      await boss.createQueue(queueOf(sweep), wakeUp)
      await sendNext(boss, sweep)
    },
    stop: async () => stop(boss),
  }
}

/** A package that most starts need a moment later is not waited for by them. */
async function openBoss(url: string): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss')
  return new PgBoss({
    connectionString: url,
    application_name: 'jiesuan jobs',
    schema,
    max: 2,
    connectionTimeoutMillis: 2_000,
    options: '-c statement_timeout=5000 -c lock_timeout=2000',
    // The owner role brings the schema up to date, and nothing is done at hours of the day.
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  })
}

const sendNext = async (boss: PgBoss, sweep: Sweep): Promise<unknown> =>
  boss.send(queueOf(sweep), null, { startAfter: Math.max(1, Math.round(sweep.every_ms / 1000)) })

const pollOf = ({ every_ms }: Sweep): number => Math.min(30, Math.max(0.5, every_ms / 2_000))

/** What runs is waited for by the sweeps themselves. */
const stop = async (boss: PgBoss): Promise<void> => boss.stop({ graceful: false, timeout: 1_000 })
