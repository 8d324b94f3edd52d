import type { Claim } from '../../../engine/claim.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, Key } from '../../../engine/ports.ts'
import type { Ports, ProcessEvent } from '../../../engine/process.ts'
import { startLocalProcess } from '../../support/localProcess.ts'
import { MemoryBooks } from './books.ts'
import { day, deductible, layer, pays, rule, rulebooks, scheme } from './packs.ts'
import { claim, institution, now, person, today } from './world.ts'

export const numbers = ['510199194912310024', '510199198110101114', '510199199001011237'] as const

export const hospital = institution()

export const packs = rulebooks({
  schemes: [
    scheme([
      rule([layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })]),
      rule([layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })], {
        care: ['outpatient'],
      }),
    ]),
  ],
})

export function desk(more: Partial<Ports> = {}) {
  const books = new MemoryBooks()
  books.institutions.set(hospital.code, hospital)
  for (const [i, number] of numbers.entries())
    books.people.set(
      number,
      person({
        id: `P${i + 1}`,
        familyShares: i === 1 ? [{ owner: 'P1', relation: 'spouse', from: day('2020-01-01') }] : [],
      }),
    )
  const events: ProcessEvent[] = []
  const pauses: number[] = []
  let ids = 0
  const ports: Ports = {
    books,
    clock: { now: () => now, today: () => today },
    ids: { next: () => `R${++ids}` },
    rulebooks: packs,
    regions: packs.directory(['510100']),
    packHash: 'hash',
    dayOf: () => today,
    pause: async (attempt) => void pauses.push(attempt),
    tell: (event) => void events.push(event),
    ...more,
  }
  return { books, events, pauses, ...startLocalProcess(ports) }
}

export const keyOf = (key: string, fingerprint = key): Key => ({
  institution: hospital.code,
  key,
  fingerprint,
  input: '',
})

export const settle = (
  key: string,
  who: 0 | 1 | 2 = 0,
  more: Partial<Claim> = {},
  amount = '1000.00',
): Ask => ({
  kind: 'settle',
  key: keyOf(key),
  claim: claim(amount, { credential: { type: 'citizen-number', number: numbers[who] }, ...more }),
})

export const cancel = (key: string, settlement: string): Ask => ({
  kind: 'cancel',
  key: keyOf(key),
  settlement,
  institution: hospital.code,
})

export const reverse = (key: string, original: string, owner = 'P1'): Ask => ({
  kind: 'reverse',
  key: keyOf(key),
  institution: hospital.code,
  original: { institution: hospital.code, key: original },
  person: owner,
})

/** Outcomes in few words: what was paid by funds, or why not. */
export const words = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((o) => {
    switch (o.kind) {
      case 'settled':
        return `${o.row.content.fundTotal}${o.replayed ? ' again' : ''}`
      case 'entered':
        return `entered ${o.subject}${o.replayed ? ' again' : ''}`
      case 'undone':
        return ['undone', o.row.undoes, ...o.affected, ...(o.replayed ? ['again'] : [])].join(' ')
      case 'reversed':
        return `reversed ${o.row?.kind ?? 'nothing'}${o.replayed ? ' again' : ''}`
      case 'moved':
        return `moved ${o.movement.kind}${o.replayed ? ' again' : ''}`
      case 'refused':
        return `${o.refusal.code}${o.replayed ? ' again' : ''}`
      case 'differs':
        return `differs in ${o.field}`
      case 'bug':
        return `bug ${o.reference}`
      case 'inProgress':
      case 'busy':
      case 'unknown':
        return o.kind
    }
  })
