import type pg from 'pg'
import type { Card } from '../../engine/card.ts'
import type { Day } from '../../engine/day.ts'
import { createCardDesks } from './cardDesks.ts'
import { credentialHash, keyHash, maskedNameHash } from './hashes.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { personAmong } from './refusals.ts'
import { openIdentity } from './register.ts'
import {
  askers,
  type CalledInstitution,
  institutionsCalled,
  namedPeople,
  type NamedRow,
  namesakes,
  ownersOfCredentials,
  peopleCalled,
  type RequestUnder,
  requestsUnder,
  settlementOfRow,
  settlementsOfNamesakes,
} from './sql/search.ts'
import { findChains, listChains, placeAfter, type SettlementSummary } from './summaries.ts'

/** A person with what they are called, for whoever masks it. */
export interface Called {
  readonly id: string
  readonly name: string
  readonly citizenNumber: string
  readonly region: string
}

/** Something that was looked for and found (检索结果), with its names and numbers as they are. */
export type Hit =
  | {
      readonly kind: 'settlement'
      readonly summary: SettlementSummary
      readonly person?: Called | undefined
    }
  | { readonly kind: 'person'; readonly person: Called }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'institution'; readonly institution: CalledInstitution }
  | {
      readonly kind: 'message'
      readonly institution: string
      readonly key: string
      readonly outcome: string | undefined
      readonly code?: string | undefined
      readonly person?: string | undefined
      readonly settlement?: string | undefined
      readonly day?: string | undefined
    }

export interface SearchAsked extends PageAsked {
  readonly text: string
  /** Who was treated on that day. */
  readonly on?: Day | undefined
}

export interface Search {
  find(asked: SearchAsked): Promise<Page<Hit>>
}

interface Sources {
  /** So many have a name at most whose settlements of a day are looked for person by person; those of a more frequent one by the day. */
  readonly few?: number
  readonly pool: pg.Pool
  readonly crypto: Crypto
}

/** One box for everything: nothing that was typed is ever a pattern, so that it finds what is called so and nothing else. */
export function createSearch(sources: Sources): Search {
  return {
    async find({ text, ...asked }) {
      const named = maskedNameHash(sources.crypto, text)
      if (!named) return byWord(sources, text, asked)
      return asked.on ? treatedOn(sources, named, asked, asked.on) : called(sources, named, asked)
    },
  }
}

type MaskedName = NonNullable<ReturnType<typeof maskedNameHash>>

async function called(
  { pool, crypto }: Sources,
  { form, hash }: MaskedName,
  { limit, after = '' }: PageAsked,
): Promise<Page<Hit>> {
  const { rows } = await pool.query<{ owner_id: string }>(peopleCalled(form), [
    hash,
    after,
    limit + 1,
  ])
  const { items, next } = pageOf(rows, limit, ({ owner_id }) => owner_id)
  const people = await peopleOf(
    { pool, crypto },
    items.map(({ owner_id }) => owner_id),
  )
  return {
    items: [...people.values()].map((person) => ({ kind: 'person', person })),
    ...(next !== undefined && { next }),
  }
}

/** What is exactly that comes first, and then the institutions that are called so; a place is among the one or the other. */
async function byWord(
  sources: Sources,
  text: string,
  { limit, after = 'e0', on }: Omit<SearchAsked, 'text'>,
): Promise<Page<Hit>> {
  const [list, place] = [after.slice(0, 1), after.slice(1)]
  const exact = list === 'e' ? await findExact(sources, text, on) : []
  const from = Number(list === 'e' ? place : 0)
  if (!Number.isSafeInteger(from) || from < 0) throw new SyntaxError('no place in this list')
  const some = exact.slice(from, from + limit)
  if (exact.length > from + limit) return { items: some, next: `e${from + limit}` }
  const room = limit - some.length
  if (room === 0) return { items: some, next: 'i' }
  const asked = { limit: room, after: list === 'e' ? '' : place }
  const { items, next } = await institutions(sources, text, asked)
  return { items: [...some, ...items], ...(next !== undefined && { next: `i${next}` }) }
}

/** The settlements of a day of people with such a name, the newest first; both ways go on where the other one ended. */
async function treatedOn(
  sources: Sources,
  name: MaskedName,
  { limit, after }: PageAsked,
  on: Day,
): Promise<Page<Hit>> {
  const { pool, few = 2_000 } = sources
  const { form, hash } = name
  const known = await pool.query<{ all: number }>(namesakes(form), [hash, few + 1])
  if ((known.rows[0]?.all ?? 0) > few) {
    const page = await listChains(sources, { from: on, until: on, name, limit, after })
    return { ...page, items: await settlementHits(sources, page.items) }
  }
  const { rows } = await pool.query<{ settlement_id: string }>(settlementsOfNamesakes(form), [
    hash,
    on,
    after?.split('@', 1)[0] ?? null,
    limit + 1,
  ])
  const ids = rows.slice(0, limit).map(({ settlement_id }) => settlement_id)
  const chains = await findChains(pool, ids)
  const last = chains.at(-1)
  const items = await settlementHits(sources, chains)
  return rows.length > limit && last ? { items, next: placeAfter(last) } : { items }
}

async function settlementHits(
  sources: Sources,
  summaries: readonly SettlementSummary[],
): Promise<Hit[]> {
  const people = await peopleOf(
    sources,
    summaries.map(({ person }) => person),
  )
  return summaries.map((summary) => ({
    kind: 'settlement',
    summary,
    person: people.get(summary.person),
  }))
}

/** People in the order of their numbers; whoever lives elsewhere is not among them. */
async function peopleOf(
  { pool, crypto }: Sources,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Called>> {
  if (ids.length === 0) return new Map()
  const { rows } = await pool.query<NamedRow>(namedPeople, [ids])
  const people = rows.map(({ owner_id: id, region, identity }): [string, Called] => {
    const { name, citizenNumber } = openIdentity(crypto, id, identity)
    return [id, { id, name, citizenNumber, region }]
  })
  return new Map(people.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What has that very id, number, code or key. */
async function findExact(sources: Sources, text: string, on: Day | undefined): Promise<Hit[]> {
  const { pool, crypto } = sources
  const [settlement, card, owners, messages] = await Promise.all([
    pool.query<{ settlement_id: string }>(settlementOfRow, [text]),
    createCardDesks(sources).find(text),
    ownersOf(sources, text),
    messagesUnder(sources, text),
  ])
  const ids = settlement.rows.map((row) => row.settlement_id)
  const holders = card ? [card.owner] : []
  const people = await peopleOf({ pool, crypto }, [...owners, ...holders])
  const summaries = [
    ...(await findChains(pool, ids)),
    ...(on ? await settlementsOn(sources, [...people.keys()], on) : []),
  ]
  return [
    ...(await settlementHits(sources, summaries)),
    ...(card ? [{ kind: 'card', card } as const] : []),
    ...[...people.values()].map((person) => ({ kind: 'person', person }) as const),
    ...messages,
  ]
}

/** A person by their own number, or by that of a credential. */
async function ownersOf({ pool, crypto }: Sources, text: string): Promise<string[]> {
  const kinds = ['citizen-number', 'card', 'e-card'] as const
  const hashes = kinds.map((type) => credentialHash(crypto, { type, number: text }))
  const { rows } = await pool.query<{ owner_id: string }>(ownersOfCredentials, [hashes])
  return [text, ...rows.map(({ owner_id }) => owner_id)]
}

/** What one person had on a day is little. */
const mostOfOneDay = 50

async function settlementsOn(
  sources: Sources,
  people: readonly string[],
  on: Day,
): Promise<SettlementSummary[]> {
  const pages = await Promise.all(
    people.map(async (person) =>
      listChains(sources, { person, from: on, until: on, limit: mostOfOneDay }),
    ),
  )
  return pages.flatMap(({ items }) => items)
}

async function institutions(
  { pool }: Sources,
  text: string,
  { limit, after = '' }: PageAsked,
): Promise<Page<Hit>> {
  const { rows } = await pool.query<CalledInstitution>(institutionsCalled, [text, after, limit + 1])
  const page = pageOf(rows, limit, ({ code }) => code)
  return {
    ...page,
    items: page.items.map((institution) => ({ kind: 'institution', institution })),
  }
}

const keyForm = /^[\x20-\x7e]{1,300}$/
/** A key with whoever chose it before it, as both regions call a request that crosses. */
const referenceForm = /^((?:region:|desk:|agency:|self:)?[0-9A-Za-z._:/+-]{1,30}) (.+)$/
const hashesAtOnce = 1_000

/** Requests under a key (msgid): of a key alone only hashes are kept, so that it is looked for with each who may have chosen it. */
async function messagesUnder({ pool, crypto }: Sources, text: string): Promise<Hit[]> {
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text
  if (!keyForm.test(key)) return []
  const [, asker, own] = referenceForm.exec(key) ?? []
  const candidates = await askersOf(pool, key)
  if (asker !== undefined && own !== undefined) candidates.unshift({ institution: asker, key: own })
  const found: Hit[] = []
  for (let start = 0; start < candidates.length; start += hashesAtOnce) {
    const some = new Map(
      candidates
        .slice(start, start + hashesAtOnce)
        .map((one) => [keyHash(crypto, one).toString('hex'), one]),
    )
    const hashes = [...some.keys()].map((hash) => Buffer.from(hash, 'hex'))
    const { rows } = await pool.query<RequestUnder>(requestsUnder, [hashes])
    for (const row of rows) {
      const one = some.get(row.key_hash.toString('hex'))
      if (one) found.push({ ...one, ...readRequest(row) })
    }
  }
  return found
}

async function askersOf(
  pool: pg.Pool,
  key: string,
): Promise<{ institution: string; key: string }[]> {
  const { rows } = await pool.query<{ code: string }>(askers)
  return rows.map(({ code }) => ({ institution: code, key }))
}

const readRequest = (row: RequestUnder) => ({
  kind: 'message' as const,
  outcome: row.kind ?? undefined,
  code: row.code ?? undefined,
  person: personAmong(row.owner_id),
  settlement: row.settlement_id ?? undefined,
  day: row.treated_on ?? undefined,
})
