import { mirror, post } from '../../../engine/ledger.ts'
import type { Claim } from '../../../engine/claim.ts'
import { excess, type Fen, least, sum } from '../../../engine/money.ts'
import type { Books, Loaded, Writing } from '../../../engine/books.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import { type Answer, type Ask, type Facts, Fault, type Row } from '../../../engine/ports.ts'
import { refuse } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { ids } from './support.ts'

/** The pool pays half until 500 yuan are used up in the year; then the own account, then families', then cash. */
export const yearlyCap = 50_000n as Fen

function decide(asked: Claim, facts: Facts): Settlement {
  const { person } = facts
  if (!person) throw new Error('the test claims for people it has entered')
  const { total } = asked
  const year = asked.day.slice(0, 4)
  const used = (facts.counters.get(year)?.get('pool') ?? 0n) as Fen
  const pool = least((total / 2n) as Fen, excess(yearlyCap, used))
  let left = excess(total, pool)
  const draws = [
    person.id,
    ...(asked.useFamilyAccount ? person.familyShares.map((f) => f.owner) : []),
  ]
    .map((owner) => {
      const amount = least(left, facts.balances.get(owner) ?? (0n as Fen))
      left = excess(left, amount)
      return { owner, amount }
    })
    .filter((draw) => draw.amount > 0n)
  const own = draws.find((draw) => draw.owner === person.id)?.amount ?? (0n as Fen)
  const account = sum(draws.map((draw) => draw.amount))
  const zero = 0n as Fen
  return {
    person: person.id,
    institution: asked.institution,
    day: asked.day,
    careRegion: '510100',
    homeRegion: '510100',
    route: 'local',
    scheme: 'employee',
    care: asked.care,
    credentialKind: asked.credential.type,
    visit: asked.visit,
    lines: asked.lines.map((line) => ({
      id: line.id,
      item: line.item,
      day: asked.day,
      amount: line.amount,
      class: 'A' as const,
      selfPaid: zero,
      overLimit: zero,
      firstSelfPay: zero,
      inScope: line.amount,
    })),
    warnings: facts.sameBills.length
      ? [
          {
            code: 'same-bill-settled',
            facts: { settlements: facts.sameBills.slice(0, 5).map(({ settlement }) => settlement) },
          },
        ]
      : [],
    packHash: 'test',
    total,
    selfPaid: zero,
    overLimit: zero,
    firstSelfPay: zero,
    inScope: total,
    deductible: zero,
    crossRegionFirstPay: zero,
    shares: pool > 0n ? [{ fund: 'pool', amount: pool }] : [],
    fundTotal: pool,
    personTotal: excess(total, pool),
    account,
    familyAccount: excess(account, own),
    cash: left,
    hospitalShare: zero,
    employerShare: zero,
    accountBalance: excess(facts.balances.get(person.id) ?? zero, own),
    draws,
    counters: [
      { year, key: 'pool', delta: pool },
      { year, key: 'visits', delta: 1n },
    ],
    trace: [],
    rules: [],
  }
}

/** What a real process does, in small: decides on what was loaded and keeps the sums of one batch in mind. */
export function write(one: Loaded, at: number, kept: Kept): Writing | Outcome {
  const { ask, owner, facts, undo } = one
  if (ask.kind === 'settle') {
    if (!facts?.institution) return refused(refuse('institution-unknown'))
    if (!facts.person || owner === undefined) return refused(refuse('person-unknown'))
    const known = keep(kept, owner, facts)
    if (ask.claim.lines.some((line) => facts.settledLines.has(line.id)))
      return {
        ask,
        owner,
        answer: refusal('line-already-settled'),
        transfers: [],
        balances: [],
        counters: [],
        entries: [],
      }
    const content = decide(ask.claim, known)
    const id = ids.next(owner, at)
    const row: Row = { id, settlement: id, sequence: 1, kind: 'settlement', postedAt: at, content }
    const balances = content.draws.map((draw) => ({
      owner: draw.owner,
      balance: excess(known.balances.get(draw.owner) ?? (0n as Fen), draw.amount),
    }))
    return note(kept, {
      ask,
      owner,
      answer: { kind: 'settled', row },
      row,
      transfers: post(content),
      balances,
      counters: content.counters,
      entries: [],
    })
  }
  if (!undo?.head || owner === undefined) return refused(refuse('settlement-unknown'))
  const { head } = undo
  if (head.kind !== 'settlement' && head.kind !== 'restoration')
    return {
      ask,
      owner,
      answer: refusal('already-undone'),
      transfers: [],
      balances: [],
      counters: [],
      entries: [],
    }
  const balances = head.content.draws.map((draw) => ({
    owner: draw.owner,
    balance: ((undo.balances.get(draw.owner) ?? 0n) + draw.amount) as Fen,
  }))
  const counters = head.content.counters.map((c) => ({ ...c, delta: -c.delta }))
  const own =
    balances.find((b) => b.owner === owner)?.balance ?? undo.balances.get(owner) ?? (0n as Fen)
  const row: Row = {
    id: ids.next(owner, at),
    settlement: head.settlement,
    sequence: head.sequence + 1,
    kind: 'cancellation',
    undoes: head.id,
    postedAt: at,
    content: { ...head.content, counters, accountBalance: own },
  }
  const affected = undo.later.map((n) => n.settlement)
  return {
    ask,
    owner,
    answer: { kind: 'undone', row, affected },
    row,
    transfers: mirror(undo.transfers),
    balances,
    counters,
    entries: [],
  }
}

const refused = (what: ReturnType<typeof refuse>): Outcome => ({
  kind: 'refused',
  refusal: what,
  replayed: false,
})
const refusal = (code: Parameters<typeof refuse>[0]): Writing['answer'] => ({
  kind: 'refused',
  refusal: refuse(code),
})

/** What the claims before one in the same batch leave. */
export interface Kept {
  readonly balances: Map<string, Fen>
  readonly counters: Map<string, Map<string, bigint>>
}

function keep({ balances, counters }: Kept, owner: string, facts: Facts): Facts {
  for (const [holder, balance] of facts.balances)
    if (!balances.has(holder)) balances.set(holder, balance)
  const sums = counters.get(owner) ?? new Map(facts.counters.get('2026'))
  counters.set(owner, sums)
  return { ...facts, balances, counters: new Map([['2026', sums]]) }
}

function note({ balances, counters }: Kept, writing: Writing): Writing {
  for (const { owner, balance } of writing.balances) balances.set(owner, balance)
  const sums = counters.get(writing.owner) as Map<string, bigint>
  for (const { key, delta } of writing.counters) sums.set(key, (sums.get(key) ?? 0n) + delta)
  return writing
}

const isWriting = (what: Writing | Outcome): what is Writing => 'answer' in what

function outcomeOf(answer: Answer, replayed: boolean): Outcome {
  return { ...answer, replayed }
}

export async function settleOnce(
  books: Books,
  asks: readonly Ask[],
  now: () => number,
): Promise<Outcome[]> {
  const session = await books.open(asks)
  try {
    const kept: Kept = { balances: new Map(), counters: new Map() }
    const done = session.loaded.map((one): Writing | Outcome => {
      const { binding } = one
      if (binding.kind === 'answered') return outcomeOf(binding.answer, true)
      if (binding.kind === 'differs') return { kind: 'differs', field: binding.field }
      if (binding.kind === 'unbound') return refused(binding.refusal)
      return write(one, now(), kept)
    })
    const writings = done.filter(isWriting)
    if (writings.length > 0) await session.commit(writings)
    return done.map((what) => (isWriting(what) ? outcomeOf(what.answer as Answer, false) : what))
  } finally {
    await session.abandon()
  }
}

/** Re-runs on a conflict; gives the number of attempts beside the outcomes. */
export async function settle(
  books: Books,
  asks: readonly Ask[],
  now: () => number,
  most = 8,
): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await settleOnce(books, asks, now)
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'conflict' || attempt >= most) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt + ((attempt * now()) % 7)))
    }
  }
}
