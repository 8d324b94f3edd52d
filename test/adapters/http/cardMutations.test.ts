import { afterAll, beforeAll, expect, test } from 'vitest'
import { mutations } from '../crypto/support.ts'
import { eCardsAt } from '../../support/eCards.ts'
import { chipOf, chipRead, readerAt } from '../../support/reader.ts'
import { claim, openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const many = 100

test('of a hundred cryptograms with one byte changed none is accepted', async () => {
  const reader = readerAt(served.post)
  const seed = Date.now() % 1_000_000
  const changes = [...mutations(Buffer.alloc(16), many, seed)]
  const told = []
  // One after the other: a hundred at once may be told to come again where the machine is busy.
  for (const change of changes) {
    const { id, random } = await reader.challenge('E1')
    const good = chipOf('E1').answer(Buffer.from(random, 'hex'))
    const bad = good.map((byte, i) => byte ^ (change[i] ?? 0))
    told.push(await reader.send({ card: chipRead('E1'), challenge: id, cryptogram: hex(bad) }))
  }
  expect([seed, new Set(told.map(({ json }) => json['code']))]).toEqual([
    seed,
    new Set(['card-not-genuine']),
  ])
})

test('of a hundred signatures and certificates with one byte changed none is accepted', async () => {
  const reader = readerAt(served.post)
  const chip = chipOf('R1')
  const [own, issuer] = chip.certificates() as [Buffer, Buffer]
  const seed = Date.now() % 1_000_000
  const of = (length: number, count: number) => [...mutations(Buffer.alloc(length), count, seed)]
  const xor = (good: Buffer, change: Buffer | undefined) =>
    change ? Buffer.from(good.map((byte, i) => byte ^ (change[i] ?? 0))) : good
  const tries = [
    ...of(64, 40).map((signature) => ({ signature })),
    ...of(own.length, 40).map((certificate) => ({ certificate })),
    ...of(issuer.length, 20).map((authority) => ({ authority })),
  ] as { signature?: Buffer; certificate?: Buffer; authority?: Buffer }[]
  const { random: _, ...first } = await reader.challenge('R1')
  expect(first.id).toBeTruthy()
  const told = []
  for (const { signature, certificate, authority } of tries) {
    const { id, random } = await reader.challenge('R1')
    const good = chip.sign(Buffer.from(random, 'hex'))
    const certificates = [xor(own, certificate), xor(issuer, authority)].map((each) =>
      each.toString('base64'),
    )
    const body = { card: chipRead('R1'), challenge: id, certificates }
    told.push(await reader.send({ ...body, signature: hex(xor(good, signature)) }))
  }
  expect([seed, new Set(told.map(({ json }) => json['code']))]).toEqual([
    seed,
    new Set(['card-not-genuine']),
  ])
})

test('of a hundred tokens with one byte changed none is accepted, and the good one is still good', async () => {
  const token = await eCardsAt(served.post).token('E1')
  const seed = Date.now() % 1_000_000
  const pay = async (number: string) =>
    served.post('/v1/settlements', { ...claim, credential: { type: 'e-card', number } })
  const told = await Promise.all(
    [...mutations(Buffer.from(token, 'base64url'), many, seed)].map(async (bad) =>
      pay(bad.toString('base64url')),
    ),
  )
  expect([seed, new Set(told.map(({ json }) => json['code']))]).toEqual([
    seed,
    new Set(['token-invalid']),
  ])
  expect((await pay(token)).status).toBe(201)
})

test('what is cut off or is no hexadecimal is refused by its field', async () => {
  const reader = readerAt(served.post)
  const card = chipRead('E1')
  const field = async (body: object) =>
    ((await reader.send(body)).json['facts'] as { field?: string }).field
  const good = { card, challenge: 'X', cryptogram: '0'.repeat(32) }
  for (const cryptogram of ['0'.repeat(31), '0'.repeat(33), '', 'G'.repeat(32), '0x'.repeat(16)])
    expect(await field({ ...good, cryptogram })).toBe('/cryptogram')
  expect(await field({ ...good, cardChallenge: '00' })).toBe('/cardChallenge')
  expect(
    await field({ ...good, pin: { block: '00', terminal: { division: '510100', id: 'T' } } }),
  ).toBe('/pin/block')
  expect(await field({ ...good, card: { ...card, atr: '0' } })).toBe('/card/atr')
  const signed = { card, challenge: 'X', certificates: ['AA=='], signature: '0'.repeat(127) }
  expect(await field(signed)).toBe('/signature')
  expect(await field({ ...signed, signature: '0'.repeat(128), certificates: ['*'] })).toBe(
    '/certificates/0',
  )
})

test('the books are whole after all of it', async () => {
  expect(await served.violations()).toEqual([])
})
