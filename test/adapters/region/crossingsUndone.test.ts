import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest'
import { RegionFault, type RegionAsk, type RegionReply } from '../../../engine/awayClaim.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { cancelAsk } from '../postgres/support.ts'
import { awayBill, directLine, openRegionWorld, people, type RegionWorld } from './regionWorld.ts'

type OnLine = (asked: RegionAsk, answer: () => Promise<RegionReply>) => Promise<RegionReply>

let chengdu: RegionWorld
let guangzhou: RegionWorld
let onLine: OnLine
const straight: OnLine = (_, answer) => answer()
const asks = new Map<string, Ask>()

beforeAll(async () => {
  chengdu = await openRegionWorld({
    served: ['510100'],
    reached: ['440100'],
    line: directLine(
      '510100',
      () => guangzhou.homeDesk,
      (asked, answer) => onLine(asked, answer),
    ),
    revive: (key) => asks.get(key),
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100'],
    line: directLine('440100', () => chengdu.homeDesk),
  })
})
beforeEach(() => {
  onLine = straight
})
/** Afterwards nothing waits, and the books agree. */
afterEach(async () => {
  const { rows } = await chengdu.books.pool.query(
    `select subject from due where starts_with(subject, 'crossing ')`,
  )
  const owed = await guangzhou.balance('due-to:440100:510100:')
  const due = await chengdu.balance('due-from:510100:440100:')
  const wrong = [...rows, ...(await chengdu.problems()), ...(await guangzhou.problems())]
  if (wrong.length > 0 || owed + due !== 0n)
    throw new Error(
      `the books differ: ${JSON.stringify({ wrong, owed: `${owed}`, due: `${due}` })}`,
    )
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const hospital = 'H51010000001'
const submit = async (ask: Ask): Promise<Outcome> => {
  asks.set(ask.key.key, ask)
  return chengdu.submit(ask)
}
const reversal = (key: string, original: string): Ask => ({
  kind: 'reverse',
  key: { institution: hospital, key, fingerprint: key, input: JSON.stringify({ original }) },
  institution: hospital,
  original: { institution: hospital, key: original },
  person: people.get('G1')?.person.id as string,
})

async function settled(key: string): Promise<string> {
  const outcome = await submit(awayBill(key, 'G1', { at: '510100' }))
  if (outcome.kind !== 'settled') throw new Error(outcome.kind)
  return outcome.row.settlement
}

/** As often as it takes, on a clock that goes on by itself. */
async function resolve(): Promise<void> {
  for (let i = 0; i < 12; i++) {
    await chengdu.books.pool.query(
      `update due set due_at = '2020-01-01' where starts_with(subject, 'crossing ')`,
    )
    await chengdu.resolver.resolve(new AbortController().signal)
  }
}

/** Loses the replies to some requests, which were heard all the same. */
const losing =
  (...kinds: readonly RegionAsk['kind'][]): OnLine =>
  async (asked, answer) => {
    const reply = await answer()
    if (kinds.includes(asked.kind)) throw new RegionFault('lost', 'the line broke')
    return reply
  }
const unsent: OnLine = async () => {
  throw new RegionFault('unsent', 'refused')
}

const states = async (reference: string): Promise<string[]> => {
  const { rows } = await chengdu.books.pool.query(
    `select kind from dossier_entry where subject = $1 order by version`,
    [`crossing ${hospital} ${reference}`],
  )
  return rows.map(({ kind }) => kind as string)
}

test('a cancellation whose reply was lost is over once a reversal has overtaken it', async () => {
  const id = await settled('U1')
  onLine = losing('cancel')
  expect(await submit(cancelAsk('U1c', id, hospital))).toEqual({ kind: 'unknown' })
  onLine = straight
  expect(await submit(reversal('U1r', 'U1'))).toMatchObject({ row: { kind: 'reversal' } })
  await resolve()
  expect(await states('U1c')).toEqual(['asked', 'unknown', 'done'])
  expect(await states('U1')).toEqual(['asked', 'done', 'reversing', 'reversed'])
  expect(await submit(cancelAsk('U1c', id, hospital))).toMatchObject({
    refusal: { code: 'already-undone' },
    replayed: true,
  })
})

test('a cancellation that was never sent can be reversed, and asked for anew', async () => {
  const id = await settled('U2')
  onLine = unsent
  expect(await submit(cancelAsk('U2c', id, hospital))).toMatchObject({
    refusal: { code: 'home-region-unreachable' },
  })
  expect(await submit(reversal('U2r', 'U2c'))).toMatchObject({ kind: 'reversed' })
  onLine = straight
  expect(await submit(cancelAsk('U2c', id, hospital))).toMatchObject({
    refusal: { code: 'undone-before-arrival' },
  })
  expect(await submit(cancelAsk('U2d', id, hospital))).toMatchObject({ kind: 'undone' })
})

test('a reversal of a cancellation is found out as well, and made once however often it is asked for', async () => {
  const id = await settled('U3')
  await submit(cancelAsk('U3c', id, hospital))
  onLine = losing('reverse')
  expect(await submit(reversal('U3r', 'U3c'))).toEqual({ kind: 'unknown' })
  expect(await submit(reversal('U3s', 'U3c'))).toEqual({ kind: 'unknown' })
  onLine = straight
  await resolve()
  for (const key of ['U3r', 'U3s'])
    expect(await submit(reversal(key, 'U3c'))).toMatchObject({
      row: { kind: 'restoration' },
      replayed: true,
    })
  await submit(cancelAsk('U3d', id, hospital))
})

test('an answer that says something else was done is none, and what was asked is found out', async () => {
  const id = await settled('U4')
  onLine = async (asked, answer) => {
    if (asked.kind !== 'cancel') return answer()
    return { kind: 'reversed', as: 'turned' }
  }
  expect(await submit(cancelAsk('U4c', id, hospital))).toEqual({ kind: 'unknown' })
  expect(await guangzhou.balance('due-to:440100:510100:')).not.toBe(0n)
  onLine = straight
  await resolve()
  expect(await submit(cancelAsk('U4c', id, hospital))).toMatchObject({
    kind: 'undone',
    replayed: true,
  })
})

test('a cancellation that home refuses is refused, and the settlement stands on both sides', async () => {
  const first = await settled('U5')
  const second = await settled('U6')
  // Guangzhou cancels nothing on which a later settlement of the year stands.
  expect(await submit(cancelAsk('U5c', first, hospital))).toMatchObject({
    refusal: { code: 'later-settlements' },
  })
  expect(await states('U5c')).toEqual(['asked', 'refused'])
  for (const [key, id] of [
    ['U6c', second],
    ['U5d', first],
  ] as const)
    expect(await submit(cancelAsk(key, id, hospital))).toMatchObject({ kind: 'undone' })
})

test('a reversal that was sent and not heard is told again, until home says that it was made', async () => {
  await settled('U7')
  onLine = losing('reverse')
  await submit(reversal('U7r', 'U7'))
  await resolve()
  expect(await states('U7')).toEqual(['asked', 'done', 'reversing'])
  onLine = straight
  await resolve()
  expect(await states('U7')).toEqual(['asked', 'done', 'reversing', 'reversed'])
})

test('an answer that comes after all was given up and reversed is reversed once more', async () => {
  const held = Promise.withResolvers<void>()
  onLine = async (asked, answer) => {
    if (asked.kind === 'query') throw new RegionFault('lost', 'the line broke')
    const reply = await answer()
    if (asked.kind === 'settle') await held.promise
    return reply
  }
  const ask = awayBill('U8', 'G1', { at: '510100' })
  const waiting = submit(ask)
  await expect.poll(async () => states('U8')).toEqual(['asked'])
  await resolve()
  expect(await states('U8')).toEqual(['asked', 'reversing', 'reversed'])
  held.resolve()
  expect(await waiting).toMatchObject({ refusal: { code: 'home-region-silent' } })
  await resolve()
  expect(await states('U8')).toEqual(['asked', 'reversing', 'reversed', 'reversing', 'reversed'])
})
