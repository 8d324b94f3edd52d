/**
 * Every reason to refuse a claim (拒付原因), in order of precedence: where two apply, the earlier one is told.
 * `input` and `unknown` store nothing; `rule` stores the request and this answer.
 */
export const refusals = {
  'institution-unknown': 'unknown',
  'credential-invalid': 'input',
  'lines-too-many': 'input',
  'line-repeated': 'input',
  'line-amount-wrong': 'input',
  'visit-unknown': 'unknown',
  'visit-of-another-institution': 'unknown',
  'visit-cancelled': 'rule',
  'visit-closed': 'rule',
  'visit-changed': 'rule',
  'batch-already-settled': 'rule',
  'line-already-uploaded': 'rule',
  'line-unknown': 'rule',
  'nothing-to-settle': 'rule',
  'total-mismatch': 'input',
  'totals-differ': 'rule',
  'day-in-future': 'input',
  'line-too-late': 'input',
  'stay-invalid': 'input',
  'not-discharged': 'rule',
  'already-discharged': 'rule',
  'already-in-hospital': 'rule',
  'stay-overlaps': 'rule',
  'visit-has-lines': 'rule',
  'visit-has-settlements': 'rule',
  'token-invalid': 'unknown',
  'person-unknown': 'unknown',
  'card-unknown': 'unknown',
  'challenge-unknown': 'unknown',
  'token-not-for-this': 'rule',
  'token-expired': 'rule',
  'token-used': 'rule',
  'card-not-genuine': 'rule',
  'card-holder-mismatch': 'rule',
  'card-cancelled': 'rule',
  'card-superseded': 'rule',
  'card-formally-lost': 'rule',
  'card-temporarily-lost': 'rule',
  'card-not-activated': 'rule',
  'card-expired': 'rule',
  'payment-repeated': 'rule',
  'offline-too-late': 'rule',
  'offline-card-listed': 'rule',
  'quick-payment-not-offered': 'rule',
  'payment-risky': 'rule',
  'card-pin-locked': 'rule',
  'card-pin-wrong': 'rule',
  'card-pin-initial': 'rule',
  'card-pin-needed': 'rule',
  'card-not-authenticated': 'rule',
  'institution-terminated': 'rule',
  'institution-suspended': 'rule',
  'institution-not-designated': 'rule',
  'person-deceased': 'rule',
  'direct-settlement-suspended': 'rule',
  'not-insured': 'rule',
  'coverage-paused': 'rule',
  'home-region-not-served': 'rule',
  'home-region-refused': 'rule',
  'care-region-not-served': 'rule',
  'home-region-unreachable': 'unknown',
  'home-region-silent': 'rule',
  'home-answer-wrong': 'rule',
  'not-a-pharmacy-item': 'rule',
  'line-not-of-disease': 'rule',
  'prescription-missing': 'rule',
  'line-already-settled': 'rule',
  'bill-already-settled': 'rule',
  'no-rule-for-care': 'rule',
  'no-rule-for-day': 'rule',
  'injury-not-certified': 'rule',
  'injury-diagnosis-not-covered': 'rule',
  'injury-consent-missing': 'rule',
  'maternity-not-registered': 'rule',
  'disease-missing': 'rule',
  'disease-not-filed': 'rule',
  'disease-not-filed-here': 'rule',
  'third-party-declaration-missing': 'rule',
  'interim-settlement-required': 'rule',
  'settlement-unknown': 'unknown',
  'settlement-of-another-institution': 'unknown',
  'settlement-of-another-kind': 'unknown',
  'already-undone': 'rule',
  'undo-past-boundary': 'rule',
  'period-applied': 'rule',
  'later-part-of-stay': 'rule',
  'later-settlements': 'rule',
  'collection-open': 'rule',
  'nothing-to-collect': 'rule',
  'collection-too-large': 'rule',
  'bank-account-missing': 'rule',
  'undone-before-arrival': 'rule',
  'original-differs': 'unknown',
  'visit-kept': 'rule',
  'package-already-sold': 'rule',
  'package-not-sold': 'rule',
  'entry-unknown': 'rule',
  'entry-already-there': 'rule',
  'filing-place-unknown': 'rule',
  'filing-not-away': 'rule',
  'filing-too-wide': 'rule',
  'filing-too-long': 'rule',
  'filing-too-late': 'rule',
  'filing-document-missing': 'rule',
  'filing-stands': 'rule',
  'filing-over': 'rule',
  'filing-change-too-soon': 'rule',
  'period-not-over': 'rule',
  'statement-differs': 'rule',
  'account-short': 'rule',
  'desk-unknown': 'unknown',
  'desk-of-another-province': 'rule',
  'desk-of-another-region': 'rule',
  'card-already-held': 'rule',
  'applicant-not-in-province': 'rule',
  'relocation-without-ground': 'rule',
  'proxy-not-allowed': 'rule',
  'document-missing': 'rule',
  'card-state-forbids': 'rule',
  'pin-not-allowed': 'rule',
  'movement-amounts-wrong': 'input',
  'fund-unknown': 'unknown',
  'movement-already-booked': 'rule',
  'movement-unknown': 'unknown',
  'clearing-run-unknown': 'unknown',
  'payment-order-unknown': 'unknown',
  'application-accepted': 'rule',
  'window-closed': 'rule',
  'window-overtaken': 'unknown',
  'nothing-to-net': 'rule',
  'clearing-state-forbids': 'rule',
  'clearing-amount-too-large': 'rule',
  'approval-pending': 'rule',
  'nothing-to-approve': 'rule',
  'second-person-needed': 'rule',
  'runs-open': 'rule',
  'case-unknown': 'unknown',
  'case-state-forbids': 'rule',
  'division-unknown': 'input',
  'line-class-known': 'rule',
  'invoice-already-used': 'rule',
  'suspects-unchecked': 'rule',
  'lines-differ': 'rule',
  'resettlement-not-possible': 'rule',
  'recovery-too-large': 'rule',
  'recovery-stands': 'rule',
  'set-off-not-allowed': 'rule',
} as const satisfies Record<string, 'input' | 'unknown' | 'rule'>

/** The name of a reason to refuse. */
export type RefusalCode = keyof typeof refusals

export const refusalCodes = Object.keys(refusals) as RefusalCode[]

/** Whether it is one of ours; another region may have reasons that this one does not know. */
export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusals, code)

/** A fact that a refusal tells: an id, a limit, a day. */
export type FactValue = string | number | boolean | readonly string[]

/** A claim refused: a value, never an exception. Facts name ids, limits and days, never a person's data. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: RefusalCode
  readonly facts: Readonly<Record<string, FactValue>>
}

export function refuse(code: RefusalCode, facts: Record<string, FactValue> = {}): Refusal {
  return { kind: 'refusal', code, facts }
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refusal'

/** A rule of our own that does not hold: the claim fails, a counter rises, nothing is committed. */
export class Bug extends Error {
  override name = 'Bug'
}

export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Bug(what)
}
