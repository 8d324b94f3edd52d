import type pg from 'pg'
import type { ListedInstitution } from '../../engine/institution.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import { institutionsAfter, institutionsOf } from './sql/search.ts'

export interface DirectoryAsked extends PageAsked {
  /** Those alone; whatever is no institution is left out. */
  readonly codes?: readonly string[] | undefined
}

/** Institutions by their codes, a page of all of them or those that were asked for. */
export async function listInstitutions(
  pool: pg.Pool,
  { codes, limit, after = '' }: DirectoryAsked,
): Promise<Page<ListedInstitution>> {
  const found = codes
    ? await pool.query<ListedInstitution>(institutionsOf, [codes, after, limit + 1])
    : await pool.query<ListedInstitution>(institutionsAfter, [after, limit + 1])
  return pageOf(found.rows, limit, ({ code }) => code)
}
