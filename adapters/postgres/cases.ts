import type pg from 'pg'
import type { Division } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import {
  type CaseKind,
  casePrefix,
  type CaseState,
  caseSubject,
  type DeskCase,
  keptCase,
} from '../../engine/deskCase.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import { agencyOf } from '../../engine/movement.ts'
import { dossiersOf } from './entries.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { findCase, findSameTotals, listCases, type StoredCase } from './sql/cases.ts'
import { readEntries } from './sql/entries.ts'
import { readInstitutions } from './sql/resolve.ts'
import type { Statement } from './transaction.ts'

export interface CaseFilter extends PageAsked {
  readonly kind: CaseKind
  readonly person?: string | undefined
  readonly region?: Division | undefined
  readonly state?: CaseState | undefined
}

/** Cases at the agency's desk, for whoever only reads them. */
export interface CaseQueries {
  find(kind: CaseKind, id: string): Promise<DeskCase | undefined>
  /** The newest first. */
  list(filter: CaseFilter): Promise<Page<DeskCase>>
  sameTotals(asked: {
    readonly person: string
    readonly day: Day
    readonly total: Fen
    readonly institution?: string | undefined
  }): Promise<readonly string[]>
  institution(code: string): Promise<Institution | undefined>
}

/** The newest entries that a state may be told by; the fold says which it is. */
const newestOf: Partial<Record<CaseState, readonly string[]>> = {
  settled: ['settled', 'keptBack'],
  closed: ['settled', 'keptBack', 'repaid', 'setOff', 'writtenOff'],
  open: ['opened', 'repaid', 'setOff', 'writeOffAsked', 'writeOffRefused', 'writtenOff'],
}

export function createCases({ pool, crypto }: { pool: pg.Pool; crypto: Crypto }): CaseQueries {
  // oxlint-disable-next-line typescript/no-explicit-any
  const ask = async (statement: Statement): Promise<any[]> =>
    (await pool.query({ ...statement, values: [...statement.values] })).rows
  const read = async (stored: readonly StoredCase[]): Promise<DeskCase[]> => {
    if (stored.length === 0) return []
    const subjects = stored.map(({ owner_id: owner, subject: name }) => ({ owner, name }))
    const dossiers = dossiersOf(crypto, await ask(readEntries(subjects)))
    return subjects.flatMap((subject) => keptCase(dossiers, subject) ?? [])
  }
  const nameOf = (kind: CaseKind, id: string): string => caseSubject('', kind, id).name
  return {
    async find(kind, id) {
      const [stored] = await ask(findCase(nameOf(kind, id)))
      return stored && (await read([{ ...stored, subject: nameOf(kind, id) }]))[0]
    },
    async list({ kind, person, region, state, limit, after }) {
      const stored: StoredCase[] = await ask(
        listCases({
          prefix: `${casePrefix}${kind} `,
          after: after && nameOf(kind, after),
          owner: person,
          institution: region && agencyOf(region),
          newest: state && (newestOf[state] ?? [state]),
          limit: limit + 1,
        }),
      )
      const { items, next } = pageOf(await read(stored), limit, (last) => last.id)
      const wanted = items.filter((one) => state === undefined || one.state === state)
      return next === undefined ? { items: wanted } : { items: wanted, next }
    },
    async sameTotals({ person, day, total, institution }) {
      const rows = await ask(findSameTotals(person, day, total, institution))
      return rows.map((row) => row.settlement_id)
    },
    async institution(code) {
      const [row] = await ask(readInstitutions([code]))
      return row?.document
    },
  }
}
