import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transactions } from '../../../adapters/nhsa/transactions.ts'
import { fill, type Messages, messages } from './corpus/messages.ts'
import { type Edit, edited, edits } from './corpus/mutation.ts'
import { learn, openTheatre, type Scene, sendAs, type Theatre } from './corpus/player.ts'
import { misshapen } from './corpus/shape.ts'
import { nextMsgid } from './envelopes.ts'
import type { Reply } from './served.ts'

type Json = Record<string, unknown>

/** How long messages are made up, in seconds: a few in every run of the tests, and an hour before a release. */
const seconds = Number(process.env['NATIONAL_FUZZ_SECONDS'] ?? 12)

let theatre: Theatre
const inputs = new Map<string, Json>()
const known = new Map<string, unknown[]>()

/** Messages that go after the same ones share a patient, so that what one of them does meets the others. */
beforeAll(async () => {
  theatre = await openTheatre(messages.size + 100)
  const scenes = Map.groupBy(messages.values(), ({ after }) => JSON.stringify(after))
  for (const alike of scenes.values()) await prepare(alike)
})
afterAll(() => theatre.close())

async function prepare(alike: readonly Messages[]): Promise<void> {
  const { words } = await theatre.play(alike[0]?.after ?? [])
  for (const { infno, good } of alike) inputs.set(infno, fill(good, words) as Json)
  for (const [name, value] of words)
    if (!name.includes(':') && !name.includes('.'))
      known.set(name, [...(known.get(name) ?? []), value])
}

interface MadeUp {
  readonly infno: string
  readonly list: readonly Edit[]
  readonly stranger: boolean
}

const madeUp: fc.Arbitrary<MadeUp> = fc.record({
  infno: fc.constantFrom(...transactions.keys()),
  list: edits,
  stranger: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
})

const envelopeFields = [
  'infcode',
  'inf_refmsgid',
  'refmsg_time',
  'respond_time',
  'err_msg',
  'output',
  'enctype',
  'signtype',
  'cainfo',
  'warn_msg',
]

/** What no reply may be, whatever was asked. */
function wrongWith(reply: Reply, infno: string): string[] {
  const { status, infcode, err_msg, warn_msg, output, inf_refmsgid, text } = reply
  const [said, warned] = [err_msg ?? '', warn_msg ?? '']
  const done = infcode === 0
  const { output: nodes } = transactions.get(infno) ?? { output: {} }
  const complaints = [
    status !== 200 && `HTTP ${status}`,
    infcode !== 0 && infcode !== -1 && `infcode ${String(infcode)}`,
    Object.keys(JSON.parse(text) as Json).join() !== envelopeFields.join() && 'other fields',
    !/^\d{30}$/.test(inf_refmsgid) && `inf_refmsgid ${inf_refmsgid}`,
    Array.from(said).length > 200 && 'err_msg too long',
    Array.from(warned).length > 200 && 'warn_msg too long',
    done !== (said === '') && 'err_msg beside an output, or none',
    !done && !/[\u4e00-\u9fff]/.test(said) && 'not in Chinese',
    !done && output !== null && 'an output beside a refusal',
    /系统内部错误|结果未知/.test(said) && 'a fault of ours',
    ...(done ? misshapen(nodes, output) : []),
  ]
  return complaints.filter((each) => each !== false).map((each) => `${infno} ${each}: ${said}`)
}

/** How often each transaction was done, so that nobody takes refusals alone for a good test. */
const done = new Map<string, number>()

async function ask(infno: string, input: unknown, at: string | undefined, msgid?: string) {
  const reply = await sendAs(theatre, infno, input, at, msgid)
  if (reply.infcode === 0) done.set(infno, (done.get(infno) ?? 0) + 1)
  const wrong = wrongWith(reply, infno).map((why) => `${why} ${JSON.stringify(input)}`)
  return { reply, wrong }
}

async function play({ infno, list, stranger }: MadeUp): Promise<string[]> {
  const { input: nodes } = transactions.get(infno) ?? { input: {} }
  const input = edited(nodes, inputs.get(infno) ?? {}, list, known)
  const institution = stranger ? 'H51010000002' : messages.get(infno)?.institution
  const { reply, wrong } = await ask(infno, input, institution)
  remember(reply.output)
  return wrong
}

/** Ids of what was done are worth asking for later. */
function remember(output: unknown): void {
  if (typeof output !== 'object' || output === null) return
  for (const [name, value] of Object.entries(output)) {
    if (typeof value === 'object') remember(value)
    else if (/_id$|_sn$|_no$|Id$|Token$/.test(name) && value !== '')
      known.set(name, [...(known.get(name) ?? []).slice(-50), value])
  }
}

const courses = [
  ['2201', '2203', '2204', '2206', '2207', '4101', '2204', '2207', '2208', '2205', '2202'],
  ['2201', '2203', '2204', '2207', '2601', '2207', '2208', '2601', '2208'],
  ['2401', '2403', '2301', '2303', '2402', '2304', '2305', '2405', '2302', '2404'],
  ['2401', '2301', '2402', '2304', '2601', '2304', '2305', '2601', '2305', '2401', '2601'],
  ['2101', '2102', '2103', '2102', '2601', '2103'],
  ['6201', '6301', '6202', '6203', '6401', '6201', '6401'],
  ['2501', '2503', '2505', '2201', '2203', '2204', '2207', '2502', '2504', '2506'],
  ['3505', '3506', '3505', '3301', '3302', '9001', '9002', '9101', '3202', '9102'],
]

interface Course {
  readonly infnos: readonly string[]
  readonly lists: readonly (readonly Edit[])[]
  /** Steps that go as they should before one goes wrong, again and again. */
  readonly every: number
}

const madeUpCourse: fc.Arbitrary<Course> = fc.record({
  infnos: fc.constantFrom(...courses),
  lists: fc.array(edits, { minLength: 4, maxLength: 4 }),
  every: fc.integer({ min: 1, max: 4 }),
})

/** One patient after another through a course: a step that an edit spoilt is done once more as it should be. */
async function follow({ infnos, lists, every }: Course): Promise<string[]> {
  const scene = theatre.newcomer()
  const wrong: string[] = []
  let last: Sent | undefined
  for (const [i, infno] of infnos.entries()) {
    const input = inputOf(infno, scene, last)
    const { input: nodes } = transactions.get(infno) ?? { input: {} }
    const list = lists[i % lists.length] ?? []
    const tries = i % every === 0 ? [edited(nodes, input, list, known), input] : [input]
    for (const each of tries) {
      const at = infno === '2601' ? last?.at : messages.get(infno)?.institution
      const msgid = nextMsgid(at)
      const asked = await ask(infno, each, at, msgid)
      wrong.push(...asked.wrong)
      learn(asked.reply.output, infno, scene.words)
      if (infno !== '2601') last = { infno, msgid, at }
      if (asked.reply.infcode === 0) break
    }
  }
  return wrong
}

interface Sent {
  readonly infno: string
  readonly msgid: string
  readonly at: string | undefined
}

/** The good message; a reversal takes back what was sent last. Where nothing was answered, others' words stand in. */
function inputOf(infno: string, { words }: Scene, last: Sent | undefined): Json {
  if (infno === '2601' && last)
    return { data: { psn_no: words.get('psn_no'), omsgid: last.msgid, oinfno: last.infno } }
  try {
    return fill(messages.get(infno)?.good, words) as Json
  } catch {
    return inputs.get(infno) ?? {}
  }
}

const runs = (share: number) => ({
  numRuns: 1_000_000,
  interruptAfterTimeLimit: seconds * 1000 * share,
  endOnFailure: true,
})
const atOnce = { minLength: 8, maxLength: 8 }

test(
  'whatever the field tables take, and whatever they do not, is done or refused',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(madeUp, atOnce), async (list) => {
        expect((await Promise.all(list.map(play))).flat()).toEqual([])
      }),
      runs(0.4),
    )
  },
  seconds * 1000 + 30_000,
)

test(
  'patients go their way though a step of it was spoilt',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(madeUpCourse, atOnce), async (list) => {
        expect((await Promise.all(list.map(follow))).flat()).toEqual([])
      }),
      runs(0.6),
    )
    for (const infno of ['2102', '2207', '2208', '2304', '2601', '6202'])
      expect([infno, done.get(infno) ?? 0]).toEqual([infno, expect.toSatisfy((n) => n > 0)])
  },
  seconds * 1000 + 30_000,
)

test('the books hold afterwards, and nothing went wrong unseen', async () => {
  expect(await theatre.served.violations()).toEqual([])
  const errors = theatre.served.logged.filter((line) => /"level":"(error|fatal)"/.test(line))
  expect(errors).toEqual([])
})
