import pg from 'pg'
import type { Claim } from '../../engine/claim.ts'
import {
  type Ask,
  type Binding,
  type Books,
  type Clock,
  type Facts,
  Fault,
  type Key,
  type Loaded,
  type Original,
  type Session,
} from '../../engine/ports.ts'
import { assert, refuse } from '../../engine/refusal.ts'
import { readBinding } from './bind.ts'
import { decodeRow } from './document.ts'
import { FactsReader } from './facts.ts'
import { keyHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { Posting } from './posting.ts'
import {
  bindingsOf,
  keyLock,
  locksOf,
  noteBindings,
  type Resolved,
  resolveAsks,
  resolveClaims,
} from './resolution.ts'
import { readBindings, takeLocks, tryLocks } from './sql/resolve.ts'
import { begin, type Result, type Statement, type Transaction } from './transaction.ts'

export interface BooksOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly clock: Clock
  /** Off only in the test that shows that nothing but speed rests on locks. */
  readonly locks?: boolean
}

/** The books in PostgreSQL. A transaction is three round trips: find the parties; lock, bind and read; write and commit. */
export function createBooks({ pool, crypto, clock, locks = true }: BooksOptions): Books {
  return {
    async open(asks) {
      const transaction = await begin(pool)
      return guarded(transaction, () => openSession({ transaction, crypto, clock, locks }, asks))
    },
    async look(claims) {
      const transaction = await begin(pool)
      return guarded(transaction, async () => {
        const facts = await readOnly(crypto, transaction, claims)
        await transaction.rollback()
        return facts
      })
    },
    lookUp: async (keys) => lookUp(pool, crypto, keys),
  }
}

async function guarded<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

interface Opening {
  readonly transaction: Transaction
  readonly crypto: Crypto
  readonly clock: Clock
  readonly locks: boolean
}

async function openSession(opening: Opening, asks: readonly Ask[]): Promise<Session> {
  const { transaction, crypto, clock, locks } = opening
  const resolved = await resolveAsks(crypto, transaction, asks)
  const reader = new FactsReader(
    crypto,
    resolved.flatMap(({ ask, party }) =>
      ask.kind === 'settle' ? [{ claim: ask.claim, party }] : [],
    ),
    resolved.flatMap(({ ask, party }) =>
      ask.kind !== 'settle' && party.settlement !== undefined
        ? [{ settlement: party.settlement, party }]
        : [],
    ),
  )
  const plan = reader.plan()
  const before = locks ? [locksOf(resolved)] : []
  const results = await transaction.send([
    ...before,
    bindingsOf(resolved),
    ...plan.map((step) => step.statement),
  ])
  const [bindings, ...facts] = results.slice(before.length) as [Result, ...Result[]]
  noteBindings(resolved, bindings.rows)
  for (const [i, step] of plan.entries()) step.take(facts[i] as Result)
  const byKey = new Map(resolved.map((one) => [one.ask, one]))
  return {
    loaded: resolved.map((one) => load(crypto, one, reader)),
    async commit(writings) {
      const posting = new Posting(crypto, reader.standing, clock.now())
      for (const writing of writings) {
        const one = byKey.get(writing.ask)
        assert(one !== undefined, 'what is written was asked in this transaction')
        posting.add(writing, { hash: one.keyHash, bound: one.stored !== undefined })
      }
      await transaction.commit(posting.statements())
    },
    abandon: async () => transaction.rollback(),
  }
}

function load(crypto: Crypto, one: Resolved, reader: FactsReader): Loaded {
  const { ask, party, stored } = one
  const known = readBinding(crypto, ask.key, stored)
  const stranger = known.kind === 'fresh' && ask.kind !== 'settle' && !party.institution
  const binding: Binding = stranger
    ? { kind: 'unbound', refusal: refuse('institution-unknown', { institution: ask.institution }) }
    : known
  return {
    ask,
    binding,
    owner: stored?.owner_id ?? party.owner,
    facts: ask.kind === 'settle' ? reader.factsOf(ask.claim, party) : undefined,
    undo:
      ask.kind !== 'settle' && party.settlement !== undefined
        ? reader.undoFactsOf(party.settlement, party)
        : undefined,
    original: ask.kind === 'reverse' ? originalOf(one) : undefined,
  }
}

/** What stands under the key that is to be reversed, now that its lock is ours. */
function originalOf({ party, storedOriginal: stored }: Resolved): Original {
  if (!stored) return { kind: 'absent' }
  if (stored.canonical === null) return { kind: 'nothing' }
  // It was still on its way when its parties were looked for, so that they are neither locked nor read.
  if (party.settlement === undefined) throw new Fault('conflict', 'the original arrived meanwhile')
  return stored.kind === 'reversed'
    ? { kind: 'nothing' }
    : { kind: 'row', row: decodeRow(stored.canonical).id }
}

async function readOnly(
  crypto: Crypto,
  transaction: Transaction,
  claims: readonly Claim[],
): Promise<Facts[]> {
  const parties = await resolveClaims(crypto, transaction, claims)
  const asked = claims.map((claim, i) => ({ claim, party: parties[i] as (typeof parties)[number] }))
  const reader = new FactsReader(crypto, asked, [])
  const plan = reader.plan()
  const results = await transaction.send(plan.map((step) => step.statement))
  for (const [i, step] of plan.entries()) step.take(results[i] as Result)
  return asked.map(({ claim, party }) => reader.factsOf(claim, party))
}

/** How long a lost transaction may take to end before we say that we do not know. */
const endTimeout_ms = 2_000

/**
 * What stands under some keys, on a new connection. The lost transaction held the lock of each: once we hold it, that
 * transaction has ended, and what is not there now will never be. Undefined where it has not ended in time.
 */
async function lookUp(
  pool: pg.Pool,
  crypto: Crypto,
  keys: readonly Key[],
): Promise<(Binding | undefined)[]> {
  const client = new pg.Client({ ...pool.options, lock_timeout: endTimeout_ms })
  client.on('error', () => {})
  await client.connect()
  try {
    const hashes = keys.map((key) => keyHash(crypto, key))
    const ended = await waitForLocks(client, hashes.map(keyLock))
    const { rows } = await ask(client, readBindings(hashes))
    return keys.map((key, i) => {
      const hash = hashes[i] as Buffer
      if (!ended.has(keyLock(hash))) return undefined
      const stored = rows.find((row) => row.key_hash.equals(hash))
      return readBinding(crypto, key, stored)
    })
  } finally {
    await client.end().catch(() => {})
  }
}

/** The names whose locks are ours: all of them, or where that takes too long those that are free. */
async function waitForLocks(
  client: pg.Client,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  try {
    await client.query('begin')
    await ask(client, takeLocks(names))
    return new Set(names)
  } catch {
    await client.query('rollback; begin')
    const { rows } = await ask(client, tryLocks(names))
    return new Set(rows.map((row) => row.name))
  }
}

const ask = async (client: pg.Client, statement: Statement): Promise<Result> =>
  client.query({ ...statement, values: [...statement.values] })
