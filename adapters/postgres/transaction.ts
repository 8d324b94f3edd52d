import pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import { faultAfter, faultBefore, isLostRace } from './fault.ts'

/** A named statement: the server plans it once a connection. */
export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

// oxlint-disable-next-line typescript/no-explicit-any
export type Result = pg.QueryResult<any>

/** Lets the connections of a pool send statements without waiting for the replies to those before. */
export function pipelined(pool: pg.Pool): pg.Pool {
  Object.assign(pool.options, { pipeline: true })
  return pool
}

/** One transaction on one connection. It ends exactly once, and a connection that failed is not used again. */
export interface Transaction {
  /** Sends statements in one go and gives their results in order; the first failure is thrown. */
  send(statements: readonly (Statement | string)[]): Promise<Result[]>
  /** Sends the last statements and COMMIT in one go. */
  commit(statements: readonly Statement[]): Promise<void>
  rollback(): Promise<void>
}

/** A commit that waits longer is of unknown outcome: no setting of the server bounds it. */
const commitTimeout_ms = 5_000

export async function begin(pool: pg.Pool): Promise<Transaction> {
  const client = await pool.connect().catch((error: unknown) => {
    throw faultBefore(error)
  })
  let open = true
  let broken: Error | undefined
  let warned = false
  const onError = (error: Error): void => void (broken = error)
  const onNotice = (notice: { code?: string | undefined }): void => {
    // A wait for a standby that was cancelled is told as a warning, and COMMIT still says yes.
    if (notice.code === '01000') warned = true
  }
  client.on('error', onError)
  client.on('notice', onNotice)
  const end = (error?: unknown): void => {
    if (!open) return
    open = false
    client.off('error', onError)
    client.off('notice', onNotice)
    client.release(error === undefined ? undefined : asError(error))
  }
  const rollback = async (): Promise<void> => {
    if (!open) return
    try {
      await client.query('rollback')
      end()
    } catch (error) {
      end(error)
    }
  }
  return {
    async send(statements) {
      try {
        return await sendAll(client, statements)
      } catch (error) {
        if (isLostRace(error)) await rollback()
        else end(error)
        throw faultBefore(error)
      }
    },
    async commit(statements) {
      if (broken) {
        end(broken)
        throw new Fault('unavailable', 'the connection broke before COMMIT', broken)
      }
      try {
        const results = await within(sendAll(client, [...statements, 'commit']), commitTimeout_ms)
        // A transaction that had failed answers COMMIT with ROLLBACK and no error.
        if (results.at(-1)?.command !== 'COMMIT') throw new Fault('conflict', 'rolled back')
        if (warned) throw new Fault('unknown', 'a warning came with COMMIT')
        end()
      } catch (error) {
        // The COMMIT behind a lost race has already ended the transaction; where none was sent yet this does.
        if (isLostRace(error)) await rollback()
        else end(error)
        throw faultAfter(error)
      }
    },
    rollback,
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error))

/** Sends everything at once where the connection pipelines, one after the other where it does not. */
async function sendAll(
  client: pg.ClientBase,
  statements: readonly (Statement | string)[],
): Promise<Result[]> {
  const results: Result[] = []
  if (!('pipeline' in client) || client.pipeline !== true) {
    for (const statement of statements) results.push(await client.query(asQuery(statement)))
    return results
  }
  const replies = await Promise.allSettled(statements.map((each) => client.query(asQuery(each))))
  for (const reply of replies) {
    // The first failure is the cause; those after it only say that the transaction is aborted.
    if (reply.status === 'rejected') throw reply.reason
    results.push(reply.value)
  }
  return results
}

const asQuery = (statement: Statement | string): pg.QueryConfig =>
  typeof statement === 'string'
    ? { text: statement }
    : { ...statement, values: [...statement.values] }

async function within<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('unknown', 'no reply to COMMIT in time')), limit_ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
