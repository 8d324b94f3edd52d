import { type Caller, createCaller } from '../nhsa/client.ts'
import type { SandboxPerson, SandboxWorld } from '../sandbox/world.ts'
import { createBalances, type Entry, entryOf, refundOf } from './hospitalDayBooks.ts'
import { playCourse, type Stage } from './hospitalDayCourses.ts'
import { CourseBroken, Desk, type Notebook, type Noted } from './hospitalDayDesk.ts'
import { patientOf, registration } from './hospitalDayMessages.ts'
import { type Course, type DaySize, writeScript } from './hospitalDayScript.ts'
import { type Compared, compareTotals, type Healed, reconcileDay } from './hospitalDayStatements.ts'

/** What the day is played with. */
export interface DayOptions {
  readonly size: DaySize
  readonly seed: number
  readonly world: SandboxWorld
  /** A client of our own for an institution of the world. */
  readonly callerFor: (institution: string) => Caller
  /** Settlements that the institutions made today over another interface, so that their books hold them too. */
  readonly opening?: readonly Opening[] | undefined
  readonly onNoted?: ((noted: Noted) => void) | undefined
  readonly say?: ((line: string) => void) | undefined
}

export interface Opening {
  readonly institution: string
  readonly setl_id: string
  readonly psn_no: string
}

/** What the day came to. */
export interface Day {
  readonly noted: readonly Noted[]
  /** Whatever was not as it had to be; empty is a good day. */
  readonly wrong: readonly string[]
  readonly books: ReadonlyMap<string, readonly Entry[]>
  readonly compared: readonly Compared[]
  readonly healed: readonly Healed[]
  readonly took_ms: number
}

/** Clients of our own, with the pair that the sandbox gives every institution. */
export const callersAt =
  (url: string, { gateway, institutions }: SandboxWorld): DayOptions['callerFor'] =>
  (code) => {
    const institution = institutions.find((one) => one.code === code)
    const name = institution?.name ?? '演示机构'
    const division = institution?.division ?? code.slice(1, 7)
    return createCaller({ url, ...gateway, institution: { code, name, division } })
  }

const hospital = 'H51010000001'
const pharmacy = 'P51010000001'

/** Plays a day of a hospital and a pharmacy over the national interface against a running server. */
export async function playHospitalDay(options: DayOptions): Promise<Day> {
  const { size, seed, callerFor, onNoted, say = () => {} } = options
  const began = performance.now()
  const book: Notebook = { noted: [], wrong: [], onNoted }
  const desks = [hospital, pharmacy].map((code) => new Desk(code, callerFor(code), book))
  const signedOn = await Promise.all(desks.map((desk) => desk.signIn()))
  const stage = stageOf(desks, signedOn[0] ?? '', options)
  await openBooks(stage, options)
  await turnAway(stage)
  await playAll(writeScript(size, seed), stage, say)
  await closingBalances(stage, options.world)
  await Promise.all(desks.map((desk) => desk.signOut()))
  say('signed out 签退; now both sides are compared 对账')
  const compared: Compared[] = []
  const healed: Healed[] = []
  for (const desk of desks) {
    const entries = stage.books.get(desk.code) as Entry[]
    compared.push(...(await compareTotals(desk, entries)))
    const one = await reconcileDay(desk, entries, (psn_no) => homeOf(options.world, psn_no))
    if (one) healed.push(one)
    await compareTotals(desk, entries)
  }
  const took_ms = performance.now() - began
  return { ...book, books: stage.books, compared, healed, took_ms }
}

function stageOf(desks: readonly Desk[], day: string, { world }: DayOptions): Stage {
  const [atHospital, atPharmacy] = desks as [Desk, Desk]
  const byKey = new Map(world.people.map((one) => [one.key, one]))
  return {
    day,
    run: Date.now().toString(36).toUpperCase(),
    hospital: atHospital,
    pharmacy: atPharmacy,
    person: (key) => byKey.get(key) as SandboxPerson,
    balances: createBalances(sharersOf(world)),
    books: new Map(desks.map(({ code }) => [code, []])),
  }
}

const homeOf = ({ people }: SandboxWorld, psn_no: string): string =>
  people.find(({ person }) => person.id === psn_no)?.region ?? ''

/** Whose account pays for whom (家庭共济): by the one who is paid for. */
const sharersOf = ({ people }: SandboxWorld): Map<string, string> =>
  new Map(
    people.flatMap(({ person }) =>
      person.familyShares.map(({ owner }) => [person.id, owner] as const),
    ),
  )

/** What was settled over another interface is looked up (5203), so that the books are whole. */
async function openBooks({ hospital: a, pharmacy: b, books }: Stage, options: DayOptions) {
  for (const { institution, setl_id, psn_no } of options.opening ?? []) {
    const desk = [a, b].find(({ code }) => code === institution)
    if (!desk) continue
    const homeRegion = homeOf(options.world, psn_no)
    const found = await desk.done('5203', { data: { psn_no, setl_id } }, { homeRegion })
    const entry = entryOf(found)
    const { refd_setl_flag } = found.setlinfo
    const refunds = refd_setl_flag === '1' ? [refundOf(entry, entry.day, entry.msgid)] : []
    books.get(institution)?.push(entry, ...refunds)
  }
}

/** Cards that must be refused: lost, expired, cancelled, not activated. */
async function turnAway({ hospital: desk, person, day }: Stage) {
  const refusals = [
    ['X3', '挂失'],
    ['X7', '有效期'],
    ['X5', '注销'],
    ['X1', '激活'],
  ] as const
  for (const [key, words] of refusals) {
    const patient = patientOf(person(key), true)
    await desk.refused('2201', registration(patient, 'O0', day), words, patient)
  }
}

/** Everybody's courses one after another, and those of different people at once: a household has one account. */
async function playAll(courses: readonly Course[], stage: Stage, say: (line: string) => void) {
  let ended = 0
  const play = async (course: Course): Promise<void> => {
    try {
      await playCourse(course, courses.indexOf(course) + 1, stage)
    } catch (error) {
      // What broke it stands among what is wrong.
      if (!(error instanceof CourseBroken)) throw error
    }
    ended += 1
    if (ended % Math.ceil(courses.length / 5) === 0)
      say(`${ended} of ${courses.length} courses ended`)
  }
  const households = Map.groupBy(courses, ({ who }) => (who === 'R2' ? 'E1' : who))
  const queues = [...households.values()].toSorted((a, b) => b.length - a.length)
  await Promise.all(
    queues.map(async (queue) => {
      for (const course of queue) await play(course)
    }),
  )
}

/** After the last of it 1101 must tell for everybody what the replies of the day left. */
async function closingBalances({ hospital: desk, balances }: Stage, { people }: SandboxWorld) {
  for (const one of people.filter(({ region }) => region !== '440100')) {
    const patient = patientOf(one, false)
    const { insuinfo } = await desk.done('1101', { data: patient.credential })
    const row = insuinfo.find(({ insutype }: { insutype: string }) => insutype === patient.insutype)
    if (row && !balances.said(patient.psn_no, Math.round(row.balc * 100)))
      desk.complain(`1101 of ${patient.psn_no} tells another balance at the end of the day`)
  }
}
