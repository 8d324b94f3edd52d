import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../properties/support/random.ts'
import { nextMsgid } from './envelopes.ts'
import { brokenIdentities, fenOf } from './identities.ts'
import { openServed, type Reply, type Served } from './served.ts'
import { wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

interface Said {
  readonly infno: string
  readonly input: object
  readonly msgid: string
  readonly reply: Reply
}

const acts = ['2401', '2301', '2302', '2304', '2304', '2305', '2402', '2405', '2404', '2601']

/** A ward that forgets what it did: whatever it asks for, in whatever order, is done rightly or refused. */
class Walk {
  readonly said: Said[] = []
  readonly #random: Random
  readonly #ward: ReturnType<typeof wards>
  #lines = 0
  readonly #stays: string[] = ['V0']

  constructor(key: string, seed: number) {
    this.#random = new Random(seed)
    this.#ward = wards(served, key)
  }

  async step(): Promise<void> {
    const infno = this.#random.one(acts)
    const msgid = nextMsgid()
    const input = this.#inputOf(infno)
    const reply = await this.#ward.ask(infno, input, { msgid })
    this.said.push({ infno, input, msgid, reply })
    if (infno === '2401' && reply.infcode === 0) this.#stays.push(reply.output.result.mdtrt_id)
  }

  #inputOf(infno: string): object {
    const { psn_no } = this.#ward
    // The newest stay mostly, for that is where something may still happen.
    const mdtrt_id = this.#random.chance(0.9)
      ? (this.#stays.at(-1) as string)
      : this.#random.one(this.#stays)
    const ids = { mdtrt_id, psn_no }
    switch (infno) {
      case '2401':
        return this.#ward.admission()
      case '2301':
        return this.#ward.lines(mdtrt_id, [
          [`W${++this.#lines}`, 100 * this.#random.between(1, 20)],
        ])
      case '2302':
        return { data: [{ feedetl_sn: '0000', ...ids }] }
      case '2304': {
        const interim = this.#random.chance(0.5)
        const dscgTime = this.#random.chance(0.3) ? '2026-03-01' : ''
        const more = { mid_setl_flag: interim ? '1' : '0', dscgTime, acct_used_flag: '1' }
        return this.#ward.bill(mdtrt_id, this.#unsettled(mdtrt_id), more)
      }
      case '2305':
        return { data: { ...ids, setl_id: this.#settlement(mdtrt_id) } }
      case '2402':
        return this.#ward.leaving(mdtrt_id)
      case '2601': {
        const { msgid = nextMsgid(), infno: oinfno = '2401' } =
          this.said.findLast((one) => ['2304', '2305', '2401'].includes(one.infno)) ?? {}
        return { data: { psn_no, omsgid: msgid, oinfno } }
      }
      default:
        return { data: ids }
    }
  }

  /** What a clerk would find in the books: the newest settlement of a stay, and what is left to settle of it. */
  #settlement(mdtrt_id: string): string {
    const found = this.said.findLast(
      ({ infno, reply }) => infno === '2304' && reply.output?.setlinfo?.mdtrt_id === mdtrt_id,
    )
    return found?.reply.output.setlinfo.setl_id ?? 'none'
  }

  #left = new Map<string, number>()
  #unsettled = (mdtrt_id: string): number => this.#left.get(mdtrt_id) ?? 0

  /** Learns from 5204 what is unsettled, as a system does that lost its own books. */
  async look(): Promise<void> {
    for (const mdtrt_id of this.#stays.slice(1)) {
      const wrong = await this.#ward.ask(
        '2303',
        this.#ward.bill(mdtrt_id, 0.01, { mid_setl_flag: '1' }),
      )
      const [, yuan] = /明细.*?(\d+(?:\.\d\d)?)/.exec(String(wrong.err_msg)) ?? []
      this.#left.set(mdtrt_id, yuan === undefined ? 0 : Number(yuan))
    }
  }
}

const succeeded = new Set<string>()

test.each([1, 2, 3])('a careless ward changes nothing that it may not (seed %i)', async (seed) => {
  const walk = new Walk(['E1', 'E2', 'R1'][seed - 1] as string, seed)
  for (let i = 0; i < 60; i++) {
    await walk.look()
    await walk.step()
  }
  const { said } = walk
  const unclear = said.filter(
    ({ reply }) => reply.status !== 200 || /内部错误|未知/.test(String(reply.err_msg)),
  )
  expect(unclear).toEqual([])
  for (const { infno, reply } of said)
    if (infno === '2304' && reply.infcode === 0) {
      expect(brokenIdentities(reply.output.setlinfo, reply.output.setldetail)).toEqual([])
      expect(fenOf(reply.output.setlinfo, 'act_pay_dedc')).toBeLessThanOrEqual(80_000)
    }
  for (const { infno, reply } of said) if (reply.infcode === 0) succeeded.add(infno)
  // Said again in any order, nothing changes and every answer is the first one.
  const before = await served.count()
  const random = new Random(seed)
  for (const one of said.toSorted(() => random.next() - 0.5)) {
    const again = await wards(served, 'E1').ask(one.infno, one.input, { msgid: one.msgid })
    expect([one.infno, again.infcode, again.output]).toEqual([
      one.infno,
      one.reply.infcode,
      one.reply.output,
    ])
  }
  expect(await served.count()).toEqual(before)
  expect(await served.violations()).toEqual([])
})

test('the careless wards got everything done at least once', () => {
  expect([...succeeded].toSorted()).toEqual([...new Set(acts)].toSorted())
})
