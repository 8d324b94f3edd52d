import type { SandboxPerson } from '../sandbox/world.ts'
import {
  type Balances,
  type Entry,
  entryOf,
  fenOf,
  previewHeld,
  refundOf,
  wrongRefund,
} from './hospitalDayBooks.ts'
import type { Desk, Output } from './hospitalDayDesk.ts'
import {
  admission,
  bill,
  description,
  discharge,
  fees,
  type Patient,
  patientOf,
  registration,
  saleOf,
  sumOf,
} from './hospitalDayMessages.ts'
import type { Course, Sale, Stay, Visit } from './hospitalDayScript.ts'

/** What a course is played with. */
export interface Stage {
  /** The server's day. */
  readonly day: string
  /** Unique to the run, for packages are sold only once. */
  readonly run: string
  readonly hospital: Desk
  readonly pharmacy: Desk
  readonly person: (key: string) => SandboxPerson
  readonly balances: Balances
  /** The books of each institution, by its code. */
  readonly books: ReadonlyMap<string, Entry[]>
}

/** Plays one course from beginning to end. `number` is unique to it. */
export async function playCourse(course: Course, number: number, stage: Stage): Promise<void> {
  const scene = sceneOf(course, number, stage)
  await identify(scene)
  if (course.kind === 'visit') await playVisit(course, scene)
  else if (course.kind === 'stay') await playStay(course, scene)
  else await playSale(course, scene)
}

interface Scene extends Stage {
  readonly course: Course
  readonly desk: Desk
  readonly number: string
  readonly patient: Patient
}

function sceneOf(course: Course, number: number, stage: Stage): Scene {
  const byCard = course.kind === 'visit' && course.byCard
  return {
    ...stage,
    course,
    desk: course.kind === 'sale' ? stage.pharmacy : stage.hospital,
    number: `${stage.run}-${number}`,
    patient: patientOf(stage.person(course.who), byCard),
  }
}

/** 1101: reads the credential, and what the account holds must be what the books say. */
async function identify({ desk, patient, balances }: Scene): Promise<void> {
  const { insuinfo } = await desk.done('1101', { data: patient.credential })
  const row = insuinfo.find(({ insutype }: Output) => insutype === patient.insutype)
  if (!balances.said(patient.psn_no, fenOf(row, 'balc')))
    desk.complain(`1101 of ${patient.psn_no} tells another balance than the day left`)
}

/** How a kind of settlement is previewed, asked for and cancelled. */
interface Way {
  readonly preview: string
  readonly settle: string
  readonly cancel: string
}

const ways: Readonly<Record<Course['kind'], Way>> = {
  visit: { preview: '2206A', settle: '2207A', cancel: '2208' },
  stay: { preview: '2303', settle: '2304', cancel: '2305' },
  sale: { preview: '2101', settle: '2102', cancel: '2103' },
}

/** Previews and settles; the preview must hold. Gives the entry in the institution's books. */
async function settle(input: unknown, scene: Scene): Promise<Entry> {
  const { course, desk, patient } = scene
  const { preview, settle: infno } = ways[course.kind]
  const previewed = await desk.done(preview, input, patient)
  const settled = await desk.done(infno, input, patient)
  if (!previewHeld(previewed, settled))
    desk.complain(`${infno} of ${patient.psn_no} is not what ${preview} said`)
  paid(settled, scene)
  const entry = entryOf(settled)
  scene.books.get(desk.code)?.push(entry)
  return entry
}

function paid({ setlinfo }: Output, { balances, desk }: Scene): void {
  if (!balances.paid(setlinfo))
    desk.complain(`the balance after ${setlinfo.medins_setl_id} is not what was left (I7)`)
}

/** Settles, and where a time-out strikes, reverses and settles anew. */
async function settleAfter(input: unknown, scene: Scene): Promise<Entry> {
  const { course, desk, patient } = scene
  if (course.struck?.at === 'settlement')
    await desk.timedOut(course.struck.how, ways[course.kind].settle, input, patient)
  return settle(input, scene)
}

/** Cancels; a cancellation that times out is reversed, which lets the settlement stand, and asked for anew. */
async function cancel(entry: Entry, scene: Scene): Promise<void> {
  const { course, desk, patient } = scene
  const infno = ways[course.kind].cancel
  const { setl_id, mdtrt_id, psn_no } = entry
  const input = { data: { setl_id, mdtrt_id, psn_no } }
  if (course.struck?.at === 'cancellation')
    await desk.timedOut(course.struck.how, infno, input, patient)
  const cancelled = await desk.done(infno, input, patient)
  for (const wrong of wrongRefund(entry, cancelled)) desk.complain(wrong)
  paid(cancelled, scene)
  const { setl_time, medins_setl_id } = cancelled.setlinfo
  scene.books.get(desk.code)?.push(refundOf(entry, setl_time.slice(0, 10), medins_setl_id))
}

async function cancelInTheEnd(input: unknown, entry: Entry, scene: Scene): Promise<void> {
  const { course, desk, patient } = scene
  if (course.cancelled === undefined) return
  await cancel(entry, scene)
  const { setl_id, mdtrt_id, psn_no } = entry
  if (course.kind === 'visit') {
    const twice = { data: { setl_id, mdtrt_id, psn_no } }
    await desk.refused('2208', twice, '', patient)
  }
  if (course.cancelled === 'settledAgain') await settle(input, scene)
}

async function playVisit(visit: Visit, scene: Scene): Promise<void> {
  const { desk, patient, day, number } = scene
  const { data } = await desk.done('2201', registration(patient, `O${number}`, day), patient)
  const { mdtrt_id } = data
  await desk.done('2203A', description(visit, patient, mdtrt_id, day), patient)
  for (const [i, pieces] of visit.batches.entries()) {
    const batch = `B${i + 1}`
    const { disease } = visit
    const asked = { mdtrt_id, day, batch, disease }
    if (visit.takenBack) {
      await desk.done('2204', fees(pieces, patient, { ...asked, prefix: `X${i}` }), patient)
      const all = { data: { mdtrt_id, chrg_bchno: '0000', psn_no: patient.psn_no } }
      await desk.done('2205', all, patient)
    }
    await desk.done('2204', fees(pieces, patient, { ...asked, prefix: batch }), patient)
    const more = { med_type: visit.medType, chrg_bchno: batch }
    const bills = (fen: number) => bill(patient, mdtrt_id, fen, visit.useAccount, more)
    const input = bills(sumOf(pieces))
    if (visit.offByOne) await desk.refused('2207A', bills(sumOf(pieces) + 1), '', patient)
    const entry = await settleAfter(input, scene)
    if (i === visit.batches.length - 1) await cancelInTheEnd(input, entry, scene)
  }
}

/** A day so many days before another. */
const before = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

async function playStay(stay: Stay, scene: Scene): Promise<void> {
  const { desk, patient, day, number } = scene
  const earlier = (days: number): string => before(day, stay.withinDay ? 0 : days)
  const admits = admission(stay, patient, `I${number}`, earlier(12))
  if (stay.struck?.at === 'admission') await desk.timedOut(stay.struck.how, '2401', admits, patient)
  const { mdtrt_id } = (await desk.done('2401', admits, patient)).result
  for (const [i, portions] of stay.parts.entries()) {
    const on = earlier(11 - 4 * i)
    for (const [j, pieces] of portions.entries()) {
      const asked = { mdtrt_id, day: on, batch: '', prefix: `P${i}-${j}` }
      const lines = fees(pieces, patient, asked)
      await desk.done('2301', lines, patient)
      if (j > 0) continue
      // The first portion was a mistake, and is taken back and uploaded again under the same numbers.
      const { psn_no } = patient
      const data = lines.feedetail.map(({ feedetl_sn }) => ({ feedetl_sn, mdtrt_id, psn_no }))
      await desk.done('2302', { data }, patient)
      await desk.done('2301', lines, patient)
    }
    const last = i === stay.parts.length - 1
    if (last) await desk.done('2402', discharge(stay, patient, mdtrt_id, day), patient)
    const mid_setl_flag = last ? '0' : '1'
    const input = bill(patient, mdtrt_id, sumOf(portions.flat()), stay.useAccount, {
      mid_setl_flag,
    })
    const entry = last ? await settleAfter(input, scene) : await settle(input, scene)
    if (last) await cancelInTheEnd(input, entry, scene)
  }
}

async function playSale(sale: Sale, scene: Scene): Promise<void> {
  const { desk, patient, day, number } = scene
  const packages = Array.from({ length: sale.packages }, (_, i) => `TR${number}-${i}`)
  const input = saleOf(sale, patient, day, packages)
  const entry = await settleAfter(input, scene)
  const [first] = packages
  // The same package in another sale is refused while this one stands.
  if (first !== undefined) await desk.refused('2102', input, first, patient)
  await cancelInTheEnd(input, entry, scene)
}
