import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EnvelopeWords, hospital, nextMsgid, person, pharmacy } from './envelopes.ts'
import { fenOf } from './identities.ts'
import { saleInput } from './sales.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

/** A settlement as whoever asked for it knows it: only from replies. */
interface Settled {
  readonly kind: 'visit' | 'stay' | 'sale'
  readonly msgid: string
  readonly input: unknown
  readonly setlinfo: Output
  standing: boolean
  /** It was reversed (2601), and nothing brings it back. */
  gone: boolean
  /** The msgid of the cancellation that undid it. */
  cancelled?: string | undefined
}

const infnos = {
  visit: { settle: '2207', cancel: '2208' },
  stay: { settle: '2304', cancel: '2305' },
  sale: { settle: '2102', cancel: '2103' },
} as const

const keys = ['E1', 'R1', 'C1', 'A1', 'E2'] as const
type Key = (typeof keys)[number]
const all = new Map<Key, Settled[]>(keys.map((key) => [key, []]))
const of = (key: Key): Settled[] => all.get(key) as Settled[]
let accepted = 0
let refused = 0

const wordsOf = (
  key: Key,
  kind: Settled['kind'],
): Required<Pick<EnvelopeWords, 'institution' | 'homeRegion'>> => ({
  institution: kind === 'sale' ? pharmacy : hospital,
  homeRegion: served.who(key).homeRegion,
})

/** Sends under a fresh msgid; refusals change nothing that the replies tell of. */
async function ask(key: Key, kind: Settled['kind'], infno: string, input: unknown) {
  const words = wordsOf(key, kind)
  const msgid = nextMsgid(words.institution)
  const { infcode, output } = await served.send(infno, input, { ...words, msgid })
  if (infcode === 0) accepted += 1
  else refused += 1
  return { done: infcode === 0, msgid, output }
}

async function settle(key: Key, kind: Settled['kind'], input: unknown): Promise<void> {
  const { done, msgid, output } = await ask(key, kind, infnos[kind].settle, input)
  if (!done) return
  const { setlinfo } = output
  of(key).push({ kind, msgid, input, setlinfo, standing: true, gone: false })
}

const acts = {
  async visit(key: Key, yuan: number) {
    const mdtrt_id = await served.register(key)
    await served.upload(key, mdtrt_id, [{ yuan }])
    await settle(key, 'visit', served.bill(key, mdtrt_id, yuan))
  },
  /** In two parts where the yuan are even; within a day, so that the next may follow it. */
  async stay(key: Key, yuan: number) {
    const mdtrt_id = await served.admit(key, { begntime: '2026-03-02 07:00:00' })
    const upload = () =>
      served.upload(key, mdtrt_id, [{ yuan }], {
        infno: '2301',
        homeRegion: served.who(key).homeRegion,
      })
    await upload()
    if (Math.floor(yuan) % 2 === 0) {
      const fields = { mid_setl_flag: '1', chrg_bchno: '' }
      await settle(key, 'stay', served.bill(key, mdtrt_id, yuan, { fields }))
      await upload()
    }
    await served.discharge(key, mdtrt_id)
    await settle(key, 'stay', served.bill(key, mdtrt_id, yuan, { fields: { chrg_bchno: '' } }))
  },
  sale: (key: Key, yuan: number) => settle(key, 'sale', saleInput(served, key, { yuan })),
  async cancel(key: Key, _: number, at: number) {
    const one = pick(key, at)
    if (!one) return
    const { setl_id, mdtrt_id, psn_no } = one.setlinfo
    const input = { data: { setl_id, mdtrt_id, psn_no } }
    const { done, msgid } = await ask(key, one.kind, infnos[one.kind].cancel, input)
    if (!done) return
    expect(one.standing).toBe(true)
    Object.assign(one, { standing: false, cancelled: msgid })
  },
  async reverse(key: Key, _: number, at: number) {
    const one = pick(key, at)
    if (!one) return
    const { settle: oinfno } = infnos[one.kind]
    const data = { psn_no: one.setlinfo.psn_no, oinfno, omsgid: one.msgid }
    const { done } = await ask(key, one.kind, '2601', { data })
    if (done) Object.assign(one, { standing: false, gone: true })
  },
  async reverseCancellation(key: Key, _: number, at: number) {
    const cancelled = of(key).filter((one) => one.cancelled !== undefined)
    const one = cancelled[at % cancelled.length]
    if (!one) return
    const { cancel: oinfno } = infnos[one.kind]
    const data = { psn_no: one.setlinfo.psn_no, oinfno, omsgid: one.cancelled }
    const { done } = await ask(key, one.kind, '2601', { data })
    if (done && !one.gone) Object.assign(one, { standing: true, cancelled: undefined })
  },
  /** What was undone is asked for anew, as clients do after a time-out. */
  async settleAgain(key: Key, _: number, at: number) {
    const undone = of(key).filter((one) => !one.standing)
    const one = undone[at % undone.length]
    if (one) await settle(key, one.kind, one.input)
  },
}

const pick = (key: Key, at: number): Settled | undefined => of(key)[at % of(key).length]

const sumOf = (some: readonly Settled[], ...names: string[]): number =>
  some.reduce((so, { setlinfo }) => names.reduce((sum, name) => sum + fenOf(setlinfo, name), so), 0)

/** What the running sums must be, from nothing but replies of settlements that stand. */
function expected(key: Key): Record<string, number> {
  const standing = of(key).filter((one) => one.standing)
  const stays = standing.filter(({ kind }) => kind === 'stay')
  const others = standing.filter(({ kind }) => kind !== 'stay')
  const funds = sumOf(standing, 'fund_pay_sumamt')
  return {
    C0000: new Set(stays.map(({ setlinfo }) => setlinfo.mdtrt_id)).size * 100,
    Q0000: sumOf(stays, 'act_pay_dedc'),
    Q0001: sumOf(others, 'act_pay_dedc'),
    F0000: sumOf(standing, 'inscp_scp_amt'),
    F0001: sumOf(standing, 'inscp_scp_amt') - funds,
    S0000: sumOf(standing, 'hifp_pay'),
    S0001: sumOf(stays, 'hifp_pay'),
    S0002: sumOf(others, 'hifp_pay'),
    S0100: sumOf(standing, 'hifob_pay'),
    S0200: sumOf(standing, 'hifmi_pay'),
    S0300: sumOf(standing, 'cvlserv_pay'),
    S0301: sumOf(stays, 'cvlserv_pay'),
    S0302: sumOf(others, 'cvlserv_pay'),
    S0400: sumOf(standing, 'maf_pay'),
  }
}

async function told(key: Key): Promise<Record<string, number>> {
  const { psn_no } = served.who(key)
  const { cuminfo } = await served.done('5206', { data: { psn_no } }, wordsOf(key, 'visit'))
  const rows = cuminfo.filter(({ cum_ym }: Output) => cum_ym.endsWith('00'))
  return Object.fromEntries(rows.map((row: Output) => [row.cum_type_code, fenOf(row, 'cum')]))
}

/** Every amount that 5203 and 5201 tell is as it was answered, and each settlement stands or does not. */
async function compareQueries(key: Key): Promise<void> {
  for (const { kind, setlinfo, standing } of of(key)) {
    const { psn_no, setl_id, mdtrt_id } = setlinfo
    const words = wordsOf(key, kind)
    const found = await served.done('5203', { data: { psn_no, setl_id, mdtrt_id } }, words)
    expect(found.setlinfo).toMatchObject({ ...setlinfo, refd_setl_flag: standing ? '0' : '1' })
    const always = { begntime: '2026-01-01 00:00:00', endtime: '2026-12-31 23:59:59' }
    const { mdtrtinfo } = await served.done(
      '5201',
      { data: { psn_no, mdtrt_id, ...always } },
      words,
    )
    expect(mdtrtinfo).toMatchObject([{ mdtrt_id, psn_no }])
  }
}

async function compareBalance(key: Key): Promise<void> {
  const { citizenNumber, balance } = person(key)
  const data = { mdtrt_cert_type: '02', mdtrt_cert_no: citizenNumber }
  const { insuinfo } = await served.done('1101', { data }, wordsOf(key, 'visit'))
  const standing = of(key).filter((one) => one.standing)
  const paid = sumOf(standing, 'acct_pay') - sumOf(standing, 'acct_mulaid_pay')
  expect(fenOf(insuinfo[0], 'balc')).toBe(Number(balance) - paid)
}

describe('running sums, after any mix of settling, cancelling and reversing', () => {
  const names = Object.keys(acts) as (keyof typeof acts)[]
  const step = fc.tuple(
    fc.constantFrom(...names),
    fc.integer({ min: 1, max: 900_000 }),
    fc.nat({ max: 1000 }),
  )
  const mixes = fc.tuple(...keys.map(() => fc.array(step, { minLength: 2, maxLength: 9 })))

  test('of visits, stays and sales are those of the settlements that stand, and so are balances', async () => {
    await fc.assert(
      fc.asyncProperty(mixes, async (mix) => {
        // People do not touch each other, so that they may come at once.
        await Promise.all(
          mix.map(async (steps, i) => {
            const key = keys[i] as Key
            for (const [act, fen, at] of steps) await acts[act](key, fen / 100, at)
            const wanted = expected(key)
            const found = await told(key)
            for (const [code, sum] of Object.entries(wanted))
              expect({ key, code, sum: found[code] ?? 0 }).toEqual({ key, code, sum })
            await compareBalance(key)
          }),
        )
      }),
      // What was settled stays settled, so that a smaller mix after it would be another story.
      { numRuns: 10, endOnFailure: true },
    )
    for (const key of keys) await compareQueries(key)
    expect(accepted).toBeGreaterThan(refused)
    expect(await served.violations()).toEqual([])
  }, 60_000)
})
