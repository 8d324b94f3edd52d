import pg from 'pg'
import type { Claim } from '../../engine/claim.ts'
import type { Binding, Books, Loaded, Looked, Original, Session } from '../../engine/books.ts'
import {
  type Ask,
  type Clock,
  type Facts,
  Fault,
  type Key,
  type Previewed,
  noFacts,
} from '../../engine/ports.ts'
import { isOffice, isRegion, isSelf } from '../../engine/institution.ts'
import { assert, refuse } from '../../engine/refusal.ts'
import { bindingsOf, blocked, noteBindings, openInput, readBinding } from './bind.ts'
import { decodeRow } from './document.ts'
import { FactsReader } from './facts.ts'
import { keyHash } from './hashes.ts'
import { keyLock, locksOf } from './locks.ts'
import { isMovement, MovementReader } from './movements.ts'
import { NamedReader } from './named.ts'
import type { Crypto } from './needs.ts'
import { Posting } from './posting.ts'
import { type Party, type Resolved, resolveAsks, resolvePreviews } from './resolution.ts'
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
    async look(asked) {
      const transaction = await begin(pool)
      return guarded(transaction, async () => {
        const looked = await readOnly({ crypto, transaction, clock }, asked)
        await transaction.rollback()
        return looked
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
  const reading = new Reading(crypto, resolved, clock)
  const before = locks ? [locksOf(resolved)] : []
  const results = await transaction.send([
    ...before,
    bindingsOf(resolved),
    ...reading.plan.map((step) => step.statement),
  ])
  const [bindings, ...rows] = results.slice(before.length) as [Result, ...Result[]]
  noteBindings(resolved, bindings.rows)
  reading.take(rows)
  const byAsk = new Map(resolved.map((one) => [one.ask, one]))
  return {
    loaded: resolved.map((one) => load(crypto, one, reading)),
    async commit(writings) {
      const posting = new Posting(crypto, reading.standing(), clock.now())
      for (const writing of writings) {
        const one = byAsk.get(writing.ask)
        assert(one !== undefined, 'what is written was asked in this transaction')
        posting.add(writing, { hash: one.keyHash, bound: one.stored !== undefined })
      }
      await transaction.commit(posting.statements())
    },
    abandon: async () => transaction.rollback(),
  }
}

type Asked = { readonly ask: Ask | Previewed; readonly party: Party }

/** All that one transaction reads of its people and subjects. */
class Reading {
  readonly #facts: FactsReader
  readonly #named: NamedReader
  readonly #movements: MovementReader
  readonly #clock: Clock
  readonly plan: ReturnType<FactsReader['plan']>

  constructor(crypto: Crypto, asked: readonly Asked[], clock: Clock) {
    const claims = asked.flatMap(({ ask, party }) => {
      const claim = claimIn(ask)
      return claim ? [{ claim, party }] : []
    })
    const undos = asked.flatMap(({ party }) =>
      party.settlement === undefined ? [] : [{ settlement: party.settlement, party }],
    )
    const named = asked.flatMap(({ ask, party }) => ('subjects' in ask ? [party] : []))
    this.#clock = clock
    const moved = asked.flatMap(({ ask, party }) => (isMovement(ask) ? [{ ask, party }] : []))
    const holders = [...named, ...moved.map((one) => one.party)]
    this.#facts = new FactsReader(crypto, claims, undos, holders)
    this.#movements = new MovementReader(moved)
    const others = asked.map(({ party }) => party)
    this.#named = new NamedReader(crypto, named, others, clock.today())
    this.plan = [...this.#facts.plan(), ...this.#named.plan(), ...this.#movements.plan()]
  }

  take(rows: readonly Result[]): void {
    for (const [i, step] of this.plan.entries()) step.take(rows[i] as Result)
  }

  standing(): FactsReader['standing'] {
    return { ...this.#facts.standing, ...this.#named.standing() }
  }

  undoOf({ party }: Asked): Loaded['undo'] {
    return party.settlement === undefined
      ? undefined
      : this.#facts.undoFactsOf(party.settlement, party)
  }

  movementOf({ ask, party }: Asked): Loaded['movement'] {
    return isMovement(ask)
      ? this.#movements.factsOf(ask, party.owner, this.#facts.sumsOf(party).balances)
      : undefined
  }

  look({ ask, party }: Asked): { facts: Facts | undefined; dossiers: Loaded['dossiers'] } {
    const dossiers = this.#named.dossiersOf(party)
    const claim = claimIn(ask)
    if (claim) return { facts: this.#facts.factsOf(claim, party), dossiers }
    if (!('subjects' in ask)) return { facts: undefined, dossiers }
    const facts = this.#named.factsOf(party, this.#facts.sumsOf(party))
    if (ask.kind !== 'bill' || party.owner === undefined) return { facts, dossiers }
    const found = { dossiers, facts, now: this.#clock.now(), today: this.#clock.today() }
    return {
      facts: { ...facts, sameBills: this.#named.sameBills(ask, party.owner, found) },
      dossiers,
    }
  }
}

/** The claim that an ask is about, where it is whole in itself. */
const claimIn = (ask: Ask | Previewed): Claim | undefined =>
  !('kind' in ask) ? ask : ask.kind === 'settle' ? ask.claim : undefined

function load(crypto: Crypto, one: Resolved, reading: Reading): Loaded {
  const { ask, party, stored } = one
  const known = readBinding(crypto, ask.key, stored)
  // Who may move money is for the engine to say: an agency is no institution.
  const stands =
    ask.kind === 'settle' ||
    isMovement(ask) ||
    isOffice(ask.institution) ||
    isSelf(ask.institution) ||
    isRegion(ask.key.institution) ||
    party.institution
  const stranger = known.kind === 'fresh' && !stands
  const binding: Binding = stranger
    ? { kind: 'unbound', refusal: refuse('institution-unknown', { institution: ask.institution }) }
    : known
  return {
    ask,
    binding,
    owner: stored?.owner_id ?? party.owner,
    ...reading.look(one),
    undo: reading.undoOf(one),
    movement: reading.movementOf(one),
    original: ask.kind === 'reverse' ? originalOf(crypto, one) : undefined,
  }
}

/** What stands under the key that is to be reversed, now that its lock is ours. */
function originalOf(crypto: Crypto, { party, storedOriginal: stored }: Resolved): Original {
  if (!stored) return { kind: 'absent' }
  if (stored.kind === 'entered') {
    // It was still on its way when its parties were looked for, so that they are neither locked nor read.
    const { subject } = stored
    if (subject === null || !party.subjects.some(({ name }) => name === subject))
      throw new Fault('conflict', 'the original arrived meanwhile')
    return { kind: 'entered', subject, input: openInput(crypto, stored) }
  }
  if (stored.kind === 'moved') return { kind: 'moved' }
  if (stored.kind === null && stored.fingerprint !== blocked)
    return { kind: 'open', input: openInput(crypto, stored) }
  if (stored.canonical === null) return { kind: 'nothing' }
  if (party.settlement === undefined) throw new Fault('conflict', 'the original arrived meanwhile')
  return stored.kind === 'reversed'
    ? { kind: 'nothing' }
    : { kind: 'row', row: decodeRow(stored.canonical).id, input: openInput(crypto, stored) }
}

async function readOnly(
  { crypto, transaction, clock }: Omit<Opening, 'locks'>,
  asked: readonly Previewed[],
): Promise<Looked[]> {
  const parties = await resolvePreviews(crypto, transaction, asked)
  const each = asked.map((ask, i) => ({ ask, party: parties[i] as Party }))
  const reading = new Reading(crypto, each, clock)
  reading.take(await transaction.send(reading.plan.map((step) => step.statement)))
  return each.map((one) => {
    const { facts = noFacts, dossiers } = reading.look(one)
    return { facts, dossiers }
  })
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
