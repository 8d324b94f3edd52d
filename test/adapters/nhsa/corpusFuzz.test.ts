import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transactions } from '../../../adapters/nhsa/transactions.ts'
import { fill, type Messages, messages } from './corpus/messages.ts'
import { type Edit, edited, edits } from './corpus/mutation.ts'
import { openTheatre, sendAs, type Theatre } from './corpus/player.ts'
import { misshapen } from './corpus/shape.ts'
import type { Reply } from './served.ts'

type Json = Record<string, unknown>

/** How long messages are made up, in seconds: a few in every run of the tests, and an hour before a release. */
const seconds = Number(process.env['NATIONAL_FUZZ_SECONDS'] ?? 12)

let theatre: Theatre
const inputs = new Map<string, Json>()
const known = new Map<string, unknown[]>()

/** Messages that go after the same ones share a patient, so that what one of them does meets the others. */
beforeAll(async () => {
  theatre = await openTheatre(messages.size + 2)
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

async function play({ infno, list, stranger }: MadeUp): Promise<string[]> {
  const { input: nodes } = transactions.get(infno) ?? { input: {} }
  const input = edited(nodes, inputs.get(infno) ?? {}, list, known)
  const institution = stranger ? 'H51010000002' : messages.get(infno)?.institution
  const reply = await sendAs(theatre, infno, input, institution)
  learn(reply.output)
  return wrongWith(reply, infno).map((why) => `${why} ${JSON.stringify(input)}`)
}

/** Ids of what was done are worth asking for later. */
function learn(output: unknown): void {
  if (typeof output !== 'object' || output === null) return
  for (const [name, value] of Object.entries(output)) {
    if (typeof value === 'object') learn(value)
    else if (/_id$|_sn$|_no$|Id$|Token$/.test(name) && value !== '')
      known.set(name, [...(known.get(name) ?? []).slice(-50), value])
  }
}

test(
  'whatever the field tables take, and whatever they do not, is done or refused',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(madeUp, { minLength: 8, maxLength: 8 }), async (list) => {
        expect((await Promise.all(list.map(play))).flat()).toEqual([])
      }),
      { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
    )
  },
  seconds * 1000 + 30_000,
)

test('the books hold afterwards, and nothing went wrong unseen', async () => {
  expect(await theatre.served.violations()).toEqual([])
  const errors = theatre.served.logged.filter((line) => /"level":"(error|fatal)"/.test(line))
  expect(errors).toEqual([])
})
