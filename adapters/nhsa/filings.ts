import { type AwayAsked, fileAway, type FilingPlaces } from '../../engine/awayFiling.ts'
import { withdrawAway } from '../../engine/awayFilingChanged.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Json, Subject } from '../../engine/dossier.ts'
import type { Filed } from '../../engine/filed.ts'
import { filingSubject, makeFiling, withdrawFiling } from '../../engine/filing.ts'
import type { Details } from '../../engine/visit.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../engine/refusal.ts'
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

/** Files a disease or a designation (备案登记); a repeat is told the number of the first time. */
export const file = async (
  call: Call,
  person: string,
  filed: Filed,
  details: Details,
): Promise<Told<typeof filingResult>> =>
  enterFiling(call, person, (found, subject) => makeFiling(found, subject, filed, details))

/** Files care away from home by what its home region has decided (异地就医备案). */
export async function fileAwayFrom(
  call: Call,
  person: string,
  asked: AwayAsked,
): Promise<Told<typeof filingResult>> {
  const by = { kind: 'institution', code: call.institution.code } as const
  const places = placesOf(call)
  return enterFiling(call, person, (found, subject) => fileAway(found, subject, asked, by, places))
}

function placesOf({ world }: Pick<Call, 'world'>): FilingPlaces {
  const { regions, rulebooks } = world.deciding()
  return { regions, books: rulebooks }
}

async function enterFiling(
  { world, submit, key, institution }: Call,
  person: string,
  make: (found: Found, subject: Subject) => Entered | Refusal,
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
      const made = make(found, subject)
      return isRefusal(made) ? made : { ...made, result: number }
    },
  })
  return tell(outcome, 'entered', world, ({ result }) => ({
    output: { result: { trt_dcla_detl_sn: result as string } },
  }))
}

/** Withdraws a filing by its number (备案撤销): all three transactions take the same fields and answer nothing. */
export const withdrawal = (
  infno: string,
  kind: 'away' | 'disease' | 'designation',
  name: { zh: string; en: string },
) =>
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
    async handle({ data }, call) {
      const { world, submit, key, institution } = call
      const { code } = institution
      const subject = filingSubject(data.psn_no, data.trt_dcla_detl_sn)
      const details = { memo: data.memo }
      const withdraw = (found: Found): Entered | Refusal =>
        kind === 'away'
          ? withdrawAway(found, subject, { details }, { kind: 'institution', code }, placesOf(call))
          : withdrawFiling(found, subject, { kind, institution: code, details })
      const outcome = await submit({
        kind: 'enter',
        key,
        institution: code,
        owner: data.psn_no,
        subjects: [subject],
        enter: withdraw,
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
