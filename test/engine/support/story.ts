import { claimOf, settledEntry } from '../../../engine/bill.ts'
import type { Claim } from '../../../engine/claim.ts'
import { type Entry, type Kept, subjectKey } from '../../../engine/dossier.ts'
import { parseQuantity, parseUnitPrice, parseYuan } from '../../../engine/money.ts'
import type { Row } from '../../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { staysSubject } from '../../../engine/stays.ts'
import {
  readVisit,
  type Registration,
  type Visit,
  type VisitLine,
  visitSubject,
} from '../../../engine/visit.ts'
import { noteUndone, register } from '../../../engine/visiting.ts'
import { day } from './packs.ts'
import { now, today } from './world.ts'

export const visit = visitSubject('P1', 'V1')
export const hospital = 'H51010000001'

export const registration = (more: Partial<Registration> = {}): Registration => ({
  kind: 'outpatient',
  institution: hospital,
  began: now,
  day: day('2026-11-20'),
  credential: { type: 'citizen-number', number: '510199194912310024' },
  about: { care: 'outpatient' },
  details: { doctor: 'D1' },
  ...more,
})

export const inpatient = (more: Partial<Registration> = {}): Registration =>
  registration({ kind: 'inpatient', about: { care: 'inpatient' }, ...more })

export const line = (id: string, amount: string, batch?: string, at?: string): VisitLine => ({
  line: {
    id,
    item: 'X1',
    at: at === undefined ? undefined : day(at),
    quantity: parseQuantity('1'),
    unitPrice: parseUnitPrice(amount),
    amount: parseYuan(amount),
  },
  batch,
  details: {},
})

/** What an act came to: its code where it was refused. */
export const code = (told: unknown): string => (isRefusal(told) ? told.code : 'done')

/** What a bill is asked for with unless a test says otherwise. */
export const wanted = (total: string, more: Partial<Parameters<typeof claimOf>[1]> = {}) => ({
  total: parseYuan(total),
  about: {},
  useAccount: false,
  useFamilyAccount: false,
  interim: false,
  today,
  ...more,
})

/** Dossiers that grow by what is entered, one act after the other. */
export class Story {
  readonly dossiers = new Map<string, Kept[]>([[subjectKey(staysSubject('P1')), []]])

  constructor(...entries: readonly Entry[]) {
    this.keep(entries)
  }

  static of(first: Registration): Story {
    return new Story(register(visit, first))
  }

  keep(entries: readonly Entry[], institution = hospital): void {
    for (const { subject, kind, body } of entries) {
      const kept = this.dossiers.get(subjectKey(subject)) ?? []
      kept.push({
        version: kept.length + 1,
        kind,
        body: JSON.parse(JSON.stringify(body)),
        institution,
        at: now,
      })
      this.dossiers.set(subjectKey(subject), kept)
    }
  }

  get visit(): Visit {
    const found = readVisit(visit, this.dossiers.get(subjectKey(visit)) ?? [])
    if (!found) throw new Error('nobody registered the visit')
    return found
  }

  /** Does something to the visit, and tells whether it was done. */
  do(act: (visit: Visit) => Entry | Refusal): string {
    return this.enter(() => {
      const entry = act(this.visit)
      return isRefusal(entry) ? entry : { entries: [entry] }
    })
  }

  enter(act: (story: Story) => { readonly entries: readonly Entry[] } | Refusal): string {
    const told = act(this)
    if (!isRefusal(told)) this.keep(told.entries)
    return code(told)
  }

  claim(asked: Parameters<typeof claimOf>[1]): Claim {
    const claim = claimOf(this.visit, asked)
    if (isRefusal(claim)) throw new Error(claim.code)
    return claim
  }

  /** Settles what is not settled yet. */
  settle(id: string, asked: Parameters<typeof claimOf>[1]): string {
    const claim = claimOf(this.visit, asked)
    if (isRefusal(claim)) return claim.code
    const settlement = {} as Settlement
    this.keep(settledEntry(this.visit, { claim, settlement, id }, { ...asked, now }))
    return 'done'
  }

  undo(settlement: string, kind: Row['kind'] = 'cancellation'): string {
    const row = { id: `of ${settlement}`, settlement, kind } as Row
    return this.do((there) => noteUndone(there, row))
  }
}
