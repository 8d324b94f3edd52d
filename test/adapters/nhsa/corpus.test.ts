import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Transaction } from '../../../adapters/nhsa/transaction.ts'
import { transactions } from '../../../adapters/nhsa/transactions.ts'
import { bookmark, bookmarkOfEffects } from './corpus/books.ts'
import { derived } from './corpus/derived.ts'
import { type BadMessage, changed, fill, type Messages, messages } from './corpus/messages.ts'
import { openTheatre, type Scene, sendAs, type Theatre } from './corpus/player.ts'
import { misshapen } from './corpus/shape.ts'
import { nextMsgid } from './envelopes.ts'
import type { Reply } from './served.ts'

type Json = Record<string, unknown>

const all = [...transactions.values()]
const withOwnWay = [...messages.values()].flatMap(({ bad }) => bad.filter(({ after }) => after))

let theatre: Theatre
beforeAll(async () => {
  theatre = await openTheatre(all.length + withOwnWay.length + 2)
})
afterAll(() => theatre.close())

test('every transaction has its messages, and there are none of anything else', () => {
  expect([...messages.keys()].toSorted()).toEqual([...transactions.keys()].toSorted())
})

/** What is wrong with how something was refused; nothing where it was done as it should be. */
function wronglyRefused({ status, infcode, err_msg, output }: Reply, names: string): string[] {
  const said = err_msg ?? ''
  const complaints = [
    status !== 200 && `HTTP ${status}`,
    infcode !== -1 && `infcode ${String(infcode)}`,
    output !== null && 'has an output',
    !said.includes(names) && `does not name ${names}`,
    !/[\u4e00-\u9fff]/.test(said) && 'is not in Chinese',
    Array.from(said).length > 200 && 'is too long',
    /系统内部错误|结果未知/.test(said) && 'is a fault of ours',
  ]
  return complaints.filter((each) => each !== false).map((each) => `${each}: ${said}`)
}

/** Refusals of everything that the field tables do not allow. */
async function sendDerived({ infno, input }: Transaction, good: Json, at?: string) {
  const wrong: string[] = []
  const queue = derived(input, good)
  const count = queue.length
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (let each = queue.pop(); each; each = queue.pop()) {
        const reply = await sendAs(theatre, infno, each.input, at)
        wrong.push(...wronglyRefused(reply, each.names).map((why) => `${each.says}: ${why}`))
      }
    }),
  )
  return { wrong, count }
}

/** The input of a bad message, in the scene it belongs to. */
async function sendBad(known: Messages, bad: BadMessage, { words }: Scene): Promise<string[]> {
  const input = fill(bad.input ?? changed(known.good, bad.change), words)
  const before = await bookmarkOfEffects(theatre.served.owner)
  const reply = await sendAs(theatre, known.infno, input, bad.institution ?? known.institution)
  const wrong = wronglyRefused(reply, bad.err)
  const after = await bookmarkOfEffects(theatre.served.owner)
  const moved = Object.keys(after).filter((table) => after[table] !== before[table])
  return [...wrong, ...moved.map((table) => `changed ${table}`)].map((why) => `${bad.says} ${why}`)
}

describe.each(all)('$infno $name.en', (transaction) => {
  const { infno } = transaction
  const known = messages.get(infno) as Messages

  test('is refused in whatever its tables do not allow, and done as it should be', async () => {
    const scene = await theatre.play(known.after)
    const good = fill(known.good, scene.words) as Json
    const before = await bookmark(theatre.served.owner)
    const { wrong, count } = await sendDerived(transaction, good, known.institution)
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(0)
    expect(await bookmark(theatre.served.owner)).toEqual(before)
    const refusals: string[] = []
    for (const bad of known.bad.filter(({ after }) => !after))
      refusals.push(...(await sendBad(known, bad, scene)))
    expect(refusals).toEqual([])
    await sendGood(transaction, good, known.institution)
  })

  const later = known.bad.filter(({ after }) => after)
  test.runIf(later.length > 0).each(later)('refuses $says', async (bad) => {
    expect(await sendBad(known, bad, await theatre.play(bad.after ?? []))).toEqual([])
  })
})

/** Once and, where it writes, once more under the same name. */
async function sendGood({ infno, output, writes }: Transaction, good: Json, at?: string) {
  const msgid = nextMsgid(at)
  const reply = await sendAs(theatre, infno, good, at, msgid)
  expect([reply.err_msg, reply.infcode]).toEqual(['', 0])
  expect(misshapen(output, reply.output)).toEqual([])
  if (!writes) return
  const after = await effects()
  const again = await sendAs(theatre, infno, good, at, msgid)
  expect([again.infcode, again.output]).toEqual([0, reply.output])
  expect(await effects()).toEqual(after)
}

/** Who is told of a person once more is told, which the access log has once more. */
async function effects(): Promise<Record<string, string>> {
  const { access_log: _told, ...rest } = await bookmark(theatre.served.owner)
  return rest
}

test('the books hold, and nothing of people stands in the log', async () => {
  expect(await theatre.served.violations()).toEqual([])
  expect(theatre.served.named()).toEqual([])
})
