import type { Role } from '../../engine/role.ts'
import type { AccessAction } from './accessNeeds.ts'

/** A role, or a person with a token of their own (自助查询). */
export type Who = Role | 'person'

/**
 * What of a request says whose rows it is about: the thing in its path; or the institution in its body, in each line of it,
 * in its query, or in its path. An institution and a person are kept to their own by it.
 */
export type Names =
  | 'person'
  | 'card'
  | 'settlement'
  | 'case'
  | 'run'
  | 'body'
  | 'lines'
  | 'query'
  | 'path'
  | 'nobody'

/** Who may take a route, whose rows it is about, and what the access log calls what it tells of people. */
export interface Right {
  readonly may: readonly Who[]
  readonly names: Names
  readonly reads?: AccessAction
}

const right = (may: readonly Who[], names: Names = 'nobody', reads?: AccessAction): Right => ({
  may,
  names,
  ...(reads !== undefined && { reads }),
})

const everybody = [
  'auditor',
  'desk',
  'policy-author',
  'operator',
  'institution',
  'person',
] as const satisfies readonly Who[]

/** Whoever looks into what is kept of people: audit and the desks. */
const looking = ['auditor', 'desk'] as const
/** Whoever watches over the books without looking into them. */
const watching = ['auditor', 'desk', 'operator'] as const
const desk = right(['desk'])
const own = (reads: AccessAction): Right => right([...looking, 'person'], 'person', reads)
const books = right(looking, 'nobody', 'ledger')
const cleared = right([...looking, 'institution'], 'run', 'clearing')

/** Where claims come in, and what goes with them (结算). */
const claims: Record<string, Right> = {
  'POST /v1/settlements/preview': right(['institution'], 'body'),
  'POST /v1/settlements': right(['institution'], 'body'),
  'POST /v1/settlements/batch': right(['institution'], 'lines'),
  'GET /v1/settlements': right([...looking, 'institution'], 'query', 'settlements'),
  'GET /v1/settlements/:id': right(
    [...looking, 'institution', 'person'],
    'settlement',
    'settlement',
  ),
  'GET /v1/settlements/:id/history': right(
    [...looking, 'institution', 'person'],
    'settlement',
    'settlement',
  ),
  'GET /v1/refusals': right([...looking, 'institution'], 'query', 'settlements'),
  'GET /v1/search': right(looking, 'nobody', 'search'),
  'POST /v1/settlements/:id/cancellation': right(['institution'], 'settlement'),
  'POST /v1/settlements/:id/collection': right(['institution'], 'settlement'),
  'GET /v1/settlements/:id/collection': right(
    [...looking, 'institution', 'person'],
    'settlement',
    'collection',
  ),
  'POST /v1/reversals': right(['institution'], 'body'),
  'POST /v1/quick-payments': right(['institution'], 'body'),
  'POST /v1/quick-payments/offline': right(['institution'], 'lines'),
  'GET /v1/quick-payments/offline': right([...looking, 'institution'], 'query'),
  'GET /v1/quick-payments/hot-list': right(['auditor', 'desk', 'operator', 'institution']),
}

/** Cards and e-credentials (卡与电子凭证). */
const cards: Record<string, Right> = {
  'POST /v1/cards': desk,
  'GET /v1/cards/:id': right([...looking, 'person'], 'card', 'card'),
  'POST /v1/cards/:id/making': desk,
  'POST /v1/cards/:id/delivery': desk,
  'POST /v1/cards/:id/activation': desk,
  'POST /v1/cards/:id/details': desk,
  'POST /v1/cards/:id/reissue': desk,
  'POST /v1/cards/:id/replacement': desk,
  'POST /v1/cards/:id/pin': desk,
  'POST /v1/cards/:id/pin-reset': desk,
  'POST /v1/cards/:id/temporary-loss': desk,
  'POST /v1/cards/:id/formal-loss': desk,
  'POST /v1/cards/:id/loss-cancel': desk,
  'POST /v1/cards/:id/relocation': desk,
  'POST /v1/cards/:id/cancellation': desk,
  'POST /v1/cards/:id/quick-payments': desk,
  'POST /v1/cards/authentication': right(['desk', 'institution'], 'body'),
  'POST /v1/e-cards': right(['desk', 'institution'], 'body'),
  'POST /v1/e-cards/closing': right(['desk', 'institution'], 'body'),
  'POST /v1/e-cards/tokens': right(['desk', 'institution'], 'body'),
  'POST /v1/e-cards/tokens/verification': right(['desk', 'institution'], 'body'),
  'GET /v1/e-cards/keys': right(everybody),
}

/** What is kept of people (参保人). */
const people: Record<string, Right> = {
  'POST /v1/people': right(['desk', 'operator']),
  'GET /v1/people/:id': own('person'),
  'GET /v1/people/:id/settlements': own('settlements'),
  'GET /v1/people/:id/accumulators': own('accumulators'),
  'GET /v1/people/:id/accounts': own('accounts'),
  'GET /v1/people/:id/records': own('records'),
  'GET /v1/people/:id/certificates/:certificate': own('certificate'),
  'GET /v1/people/:id/filings': own('filings'),
  'GET /v1/people/:id/reimbursements': own('reimbursements'),
  'POST /v1/people/:id/certificates': desk,
  'POST /v1/people/:id/filings': right(['desk', 'person'], 'person'),
  'POST /v1/people/:id/filings/:filing/change': right(['desk', 'person'], 'person'),
  'POST /v1/people/:id/filings/:filing/withdrawal': right(['desk', 'person'], 'person'),
  'POST /v1/people/:id/identity': right(looking, 'person'),
}

/** Cases of the agency's desk (经办业务), and money that moves without a bill. */
const agency: Record<string, Right> = {
  'POST /v1/movements': desk,
  'POST /v1/movements/batch': desk,
  'POST /v1/movements/:id/cancellation': desk,
  'GET /v1/movements/:id': right(looking, 'nobody', 'movement'),
  'POST /v1/reimbursements': desk,
  'POST /v1/settlements/:id/resettlement': desk,
  'POST /v1/recoveries': desk,
  'POST /v1/recoveries/:id/repayment': desk,
  'POST /v1/recoveries/:id/set-off': desk,
  'POST /v1/recoveries/:id/write-off': desk,
  'POST /v1/recoveries/:id/write-off-approval': desk,
  'POST /v1/recoveries/:id/write-off-refusal': desk,
  ...casesAt('/v1/reimbursements', ['review', 'approval', 'refusal', 'withdrawal', 'payment']),
  ...casesAt('/v1/resettlements', ['review', 'approval', 'refusal', 'withdrawal', 'payment']),
  ...casesAt('/v1/recoveries', ['review', 'approval', 'refusal', 'withdrawal']),
}

function casesAt(path: string, steps: readonly string[]): Record<string, Right> {
  return {
    [`GET ${path}`]: right(looking, 'nobody', 'cases'),
    [`GET ${path}/:id`]: right([...looking, 'person'], 'case', 'case'),
    ...Object.fromEntries(steps.map((step) => [`POST ${path}/:id/${step}`, desk])),
  }
}

/** Between regions, and with institutions (清算). */
const clearing: Record<string, Right> = {
  'POST /v1/clearing/windows': desk,
  'GET /v1/clearing/statements': right(looking, 'nobody', 'clearing'),
  'GET /v1/clearing/differences': right(looking, 'nobody', 'clearing'),
  'GET /v1/clearing/runs': right([...looking, 'institution'], 'query'),
  'GET /v1/clearing/runs/:id': cleared,
  'GET /v1/clearing/runs/:id/rows': cleared,
  'GET /v1/clearing/runs/:id/disputes': cleared,
  'POST /v1/clearing/runs/:id/review': desk,
  'POST /v1/clearing/runs/:id/deduction': desk,
  'POST /v1/clearing/runs/:id/difference': desk,
  'POST /v1/clearing/runs/:id/review-end': desk,
  'POST /v1/clearing/runs/:id/approval': desk,
  'POST /v1/clearing/runs/:id/payment-request': desk,
  'POST /v1/clearing/runs/:id/payment': desk,
  'POST /v1/clearing/years': desk,
  'GET /v1/clearing/applications': right([...looking, 'institution'], 'query'),
  'POST /v1/clearing/applications/:id/acceptance': desk,
  'POST /v1/clearing/applications/:id/rejection': desk,
  'POST /v1/clearing/nettings': desk,
  'GET /v1/clearing/orders': right(looking),
  'POST /v1/clearing/orders/:id/payment-request': desk,
  'POST /v1/clearing/orders/:id/payment': desk,
  'POST /v1/clearing/orders/:id/receipt': desk,
  'GET /v1/clearing/prepaid': right(looking),
  'POST /v1/clearing/prepaid': desk,
  'POST /v1/clearing/prepaid/approval': desk,
  'POST /v1/clearing/prepaid/receipt': desk,
  'GET /v1/clearing/advances/:institution': right([...looking, 'institution'], 'path'),
  'POST /v1/clearing/advances': desk,
  'POST /v1/clearing/advances/approval': desk,
  'GET /v1/clearing/reports': right(looking),
}

/** The books, the rules, and running the server (账簿、规则、运维). */
const others: Record<string, Right> = {
  'GET /v1/ledger/transfers': books,
  'GET /v1/ledger/accounts': books,
  'GET /v1/ledger/accounts/:id': books,
  'GET /v1/ledger/trial-balance': right(['auditor', 'desk', 'policy-author', 'operator']),
  'GET /v1/ledger/heads': right(watching),
  'GET /v1/ledger/kept-heads': right(watching),
  'GET /v1/ledger/seal-key': right(everybody),
  'GET /v1/ledger/consistency': right(watching),
  // A receipt tells the balances of family accounts and all running sums of a person, which no institution has to know.
  'GET /v1/ledger/proofs/:id': right([...looking, 'person'], 'settlement', 'settlement'),
  'GET /v1/ledger/export': right(['auditor'], 'nobody', 'export'),
  'GET /v1/institutions': right(everybody),
  'GET /v1/today': right(watching),
  'GET /v1/anomalies': right(looking),
  'GET /v1/anomalies/:name': right(looking, 'nobody', 'settlements'),
  'GET /v1/audit': right(watching),
  'POST /v1/audit': right(['auditor', 'operator']),
  'GET /v1/ledger/accounts/:id/entries': books,
  'GET /v1/totals': right(['auditor', 'desk', 'policy-author', 'operator']),
  'GET /v1/exports/settlements': right(['auditor'], 'nobody', 'export'),
  'GET /v1/exports/transfers': right(['auditor'], 'nobody', 'export'),
  'GET /v1/exports/totals': right(['auditor', 'policy-author']),
  'GET /v1/exports/:id/manifest': right(['auditor']),
  'GET /v1/rules': right(everybody),
  'GET /v1/rules/:region': right(everybody),
  'GET /v1/rules/:region/cases': right(everybody),
  'GET /v1/regions/:division': right([
    'auditor',
    'desk',
    'policy-author',
    'operator',
    'institution',
  ]),
  'GET /v1/crossings': right(['auditor', 'desk', 'operator']),
  'GET /v1/crossings/one': right(['auditor', 'desk', 'operator']),
  'POST /v1/crossings/retry': right(['operator']),
  'GET /v1/access-log': right(['auditor', 'operator'], 'nobody', 'access-log'),
  'GET /v1/me': right(everybody),
  'GET /metrics': right(['auditor', 'operator']),
}

/**
 * What each role may, as one table: method and route to roles (权限表). A route that is not in it is open to nobody who shows
 * who they are, and a test fails until it has its row. /metrics counts only where callers need keys.
 */
export const rights: Readonly<Record<string, Right>> = {
  ...claims,
  ...cards,
  ...people,
  ...agency,
  ...clearing,
  ...others,
}

/** The row of a route as the server knows it. */
export const rightOf = (method: string, url: string): Right | undefined => {
  const route = `${method} ${url}`
  return Object.hasOwn(rights, route) ? rights[route] : undefined
}
