import type { Day, Instant } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import type { Filed } from '../../engine/filed.ts'
import { filingSubject, makeFiling, withdrawFiling } from '../../engine/filing.ts'
import type { Details } from '../../engine/visit.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { may, must, one } from './field.ts'
import { text } from './kinds.ts'
import { dayOf } from './moment.ts'
import { tell } from './tell.ts'
import { type Call, type Refused, type Told, transaction } from './transaction.ts'

/** What every filing answers (待遇申报明细流水号): the number that it is withdrawn by. */
export const filingResult = {
  result: one({ trt_dcla_detl_sn: must(text(30), '待遇申报明细流水号') }),
}

/** The days of a filing. Clients send moments where days are meant, so both are read. */
export function spanOf({
  begndate,
  enddate,
}: {
  begndate: Instant
  enddate?: Instant | undefined
}): { from: Day; until?: Day | undefined } | Refused {
  const from = dayOf(begndate)
  const until = enddate === undefined ? undefined : dayOf(enddate)
  return until !== undefined && until < from
    ? { refused: `结束日期${until}早于开始日期${from}。` }
    : { from, until }
}

/** Files under a number of its own (备案登记); a repeat is told the number of the first time. */
export async function file(
  { world, submit, key, institution }: Call,
  person: string,
  filed: Filed,
  details: Details,
): Promise<Told<typeof filingResult>> {
  const number = world.newId(person)
  const subject = filingSubject(person, number)
  const outcome = await submit({
    kind: 'enter',
    key,
    institution: institution.code,
    owner: person,
    subjects: [subject],
    enter(found) {
      const made = makeFiling(found, subject, filed, details)
      return isRefusal(made) ? made : { ...made, result: number }
    },
  })
  return tell(outcome, 'entered', world, ({ result }) => ({
    output: { result: { trt_dcla_detl_sn: result as string } },
  }))
}

/** Withdraws a filing by its number (备案撤销): all three kinds take the same fields and answer nothing. */
export const withdrawal = (infno: string, kind: Filed['kind'], name: { zh: string; en: string }) =>
  transaction({
    infno,
    name,
    input: {
      data: one({
        trt_dcla_detl_sn: must(text(30), '待遇申报明细流水号'),
        psn_no: must(text(30), '人员编号'),
        memo: may(text(500), '备注'),
      }),
    },
    output: {},
    writes: true,
    async handle({ data }, { world, submit, key, institution }) {
      const subject = filingSubject(data.psn_no, data.trt_dcla_detl_sn)
      const asked = { kind, institution: institution.code, details: { memo: data.memo } }
      const outcome = await submit({
        kind: 'enter',
        key,
        institution: institution.code,
        owner: data.psn_no,
        subjects: [subject],
        enter: (found) => withdrawFiling(found, subject, asked),
      })
      return tell(outcome, 'entered', world, () => ({ output: {} }))
    },
  })

/** What was sent beside what we understand, as plain JSON: amounts as text, nothing where nothing was given. */
export const detailsOf = (told: Readonly<Record<string, unknown>>): Details =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : (value as Json)]),
  )
