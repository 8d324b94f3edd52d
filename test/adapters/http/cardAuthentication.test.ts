import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { chipOf, chipRead, personOf, pinBody, readerAt } from '../../support/reader.ts'
import { claim, openServed } from './served.ts'

/** Its server verifies cards; the other trusts its readers. */
const verifying = 'H51010000002'
const trusting = 'H51010000001'

let served: Awaited<ReturnType<typeof openServed>>
let reader: ReturnType<typeof readerAt>
beforeAll(async () => {
  served = await openServed()
  reader = readerAt(served.post)
})
afterAll(() => served.close())

const codeOf = ({ json }: { json: Record<string, unknown> }) => json['code']
const payWith = (key: string, more: object = {}, institution = verifying) =>
  served.post('/v1/settlements', {
    ...claim,
    institution,
    credential: { type: 'card', number: personOf(key).card.number, ...more },
  })

describe('a card that answers a challenge', () => {
  test('is authenticated, and its claim is settled where cards are verified', async () => {
    expect(codeOf(await payWith('E1'))).toBe('card-not-authenticated')
    const told = await reader.read('E1')
    expect(told).toMatchObject({
      status: 201,
      json: {
        person: personOf('E1').person.id,
        proof: 'cryptogram',
        pin: 'absent',
        warnings: [],
        until: expect.stringMatching(/\+08:00$/),
      },
    })
    const settled = await payWith('E1', { authentication: told.json['authentication'] })
    expect(settled.status).toBe(201)
    expect(settled.text).not.toContain('card-proof-not-checked')
    const elsewhere = { authentication: told.json['authentication'] }
    expect(codeOf(await payWith('E1', elsewhere, trusting))).toBe('card-not-authenticated')
    expect(codeOf(await payWith('E2', elsewhere))).toBe('card-not-authenticated')
  })

  test('has its PIN checked where one is given', async () => {
    const right = await reader.read('E2', { pin: pinBody('135790', 'E2') })
    expect(right.json['pin']).toBe('checked')
    const wrong = await reader.read('E2', { pin: pinBody('739146', 'E2') }, 'wrong-pin')
    expect(wrong.json).toMatchObject({ status: 422, code: 'card-pin-wrong', facts: { left: 2 } })
    await reader.read('E2', { pin: pinBody('739146', 'E2') })
    await reader.read('E2', { pin: pinBody('739146', 'E2') })
    expect(codeOf(await reader.read('E2', { pin: pinBody('135790', 'E2') }))).toBe(
      'card-pin-locked',
    )
  })

  test('proves the centre to itself as well', async () => {
    const chip = chipOf('C1')
    const cardChallenge = chip.challenge()
    const told = await reader.read('C1', { cardChallenge: cardChallenge.toString('hex') })
    expect(chip.accepts(Buffer.from(String(told.json['external']), 'hex'))).toBe(true)
  })

  test('may sign instead, with the certificates of the third generation', async () => {
    const chip = chipOf('R1')
    const sign = async (certified?: { from: string; until: string }) => {
      const { id, random } = await reader.challenge('R1')
      return reader.send({
        card: chipRead('R1'),
        challenge: id,
        signature: chip.sign(Buffer.from(random, 'hex')).toString('hex'),
        certificates: (certified ? chipOf('R1', certified) : chip)
          .certificates()
          .map((each) => each.toString('base64')),
      })
    }
    expect(await sign()).toMatchObject({ status: 201, json: { proof: 'signature' } })
    const old = await sign({ from: '2020-01-01', until: '2025-12-31' })
    expect(old.json).toMatchObject({ code: 'card-not-genuine', facts: {} })
  })

  test('is told the same when it is sent again under its key, without another challenge', async () => {
    const { id, random } = await reader.challenge('W1')
    const cryptogram = chipOf('W1').answer(Buffer.from(random, 'hex')).toString('hex')
    const body = { card: chipRead('W1'), challenge: id, cryptogram, pin: pinBody('135790', 'W1') }
    const first = await reader.send(body, 'again')
    const again = await reader.send(body, 'again')
    expect(again.text).toBe(first.text)
    expect(first.status).toBe(201)
    const other = await reader.send({ ...body, pin: pinBody('135790', 'W1') }, 'again')
    expect(codeOf(other)).toBe('idempotency-key-reused')
    expect(codeOf(await reader.send(body))).toBe('challenge-unknown')
  })
})

describe('what does not belong together is refused, and nothing is told of it', () => {
  const refused = async (key: string, more: object) => {
    const { status, code, facts } = (await reader.read(key, more)).json
    return [status, code, facts]
  }
  const notGenuine = [422, 'card-not-genuine', {}]
  const mismatch = [422, 'card-holder-mismatch', {}]
  test('a serial, a version, dates or an algorithm of another card', async () => {
    const read = chipRead('M1')
    const { cardSn } = chipRead('E1')
    expect(await refused('M1', { card: { ...read, cardSn } })).toEqual(notGenuine)
    expect(await refused('M1', { card: { ...read, version: '2.00' } })).toEqual(notGenuine)
    expect(await refused('M1', { card: { ...read, expires: '2032-05-01' } })).toEqual(notGenuine)
    expect(await refused('M1', { card: { ...read, algorithm: '01' } })).toEqual(notGenuine)
  })
  test('the citizen number or the name of somebody else', async () => {
    const read = chipRead('M1')
    const { citizenNumber, name } = personOf('E1')
    expect(await refused('M1', { card: { ...read, citizenNumber } })).toEqual(mismatch)
    expect(await refused('M1', { card: { ...read, name } })).toEqual(mismatch)
  })
  test('the cryptogram of another card, or none at all', async () => {
    const { id, random } = await reader.challenge('M1')
    const cryptogram = chipOf('E1').answer(Buffer.from(random, 'hex')).toString('hex')
    const card = chipRead('M1')
    const told = await reader.send({ card, challenge: id, cryptogram })
    expect(told.json).toMatchObject({ code: 'card-not-genuine', facts: {} })
    const genuine = chipOf('M1').answer(Buffer.from(random, 'hex')).toString('hex')
    // It is gone although the answer was worth nothing.
    expect(codeOf(await reader.send({ card, challenge: id, cryptogram: genuine }))).toBe(
      'challenge-unknown',
    )
  })
})

describe('a card that may not be used', () => {
  test.each([
    ['X3', 'card-formally-lost'],
    ['X2', 'card-temporarily-lost'],
    ['X5', 'card-cancelled'],
    ['X1', 'card-not-activated'],
    ['X7', 'card-expired'],
    ['X4', 'card-pin-locked'],
  ])('%s: its right cryptogram opens nothing, and the state is told: %s', async (key, code) => {
    const told = await reader.read(key)
    expect(codeOf(told)).toBe(code)
    expect(told.json['authentication']).toBeUndefined()
  })

  test('loses no try of its PIN', async () => {
    const tries = async () =>
      Number((await served.owner.query('select count(*) from pin_try')).rows[0].count)
    const before = await tries()
    await reader.read('X3', { pin: pinBody('135790', 'X3') })
    // Where the server verifies cards a reader's word opens nothing, whatever the PIN.
    const told = await reader.send({
      card: chipRead('E1'),
      checkedByReader: true,
      pin: pinBody('864209', 'E1'),
    })
    expect(codeOf(told)).toBe('card-not-authenticated')
    expect(await tries()).toBe(before)
  })
})

describe('a challenge', () => {
  test('is good at the terminal and the institution that asked for it', async () => {
    const answer = async (where: { institution?: string; terminal?: string }) => {
      const { id, random } = await reader.challenge('E1')
      const cryptogram = chipOf('E1').answer(Buffer.from(random, 'hex')).toString('hex')
      return readerAt(served.post, where).send({ card: chipRead('E1'), challenge: id, cryptogram })
    }
    expect(codeOf(await answer({ terminal: 'POS-0002' }))).toBe('challenge-unknown')
    expect(codeOf(await answer({ institution: trusting }))).toBe('challenge-unknown')
    expect((await answer({})).status).toBe(201)
  })

  test('is not given to an institution that nobody knows', async () => {
    const other = readerAt(served.post, { institution: 'H99999999999' })
    const { number, cardSn } = chipRead('E1')
    expect(codeOf(await other.send({ card: { number, cardSn } }))).toBe('institution-unknown')
  })
})

describe('the flow with two steps', () => {
  test('gives the reader what it compares, and opens something where readers are trusted', async () => {
    const chip = chipOf('U1')
    const step = simulateTerminal({ division: '510100', id: 'POS-0001' }).hsmStep(chip)
    const told = await reader.send({ line: step.line })
    expect(told.status).toBe(201)
    const { internal, external } = told.json as { internal: string; external: string }
    expect(step.finish({ internal, external })).toBe('genuine')
    const body = { card: chipRead('U1'), checkedByReader: true }
    expect(codeOf(await reader.send(body))).toBe('card-not-authenticated')
    const atTrusting = readerAt(served.post, { institution: trusting })
    expect((await atTrusting.send(body)).json).toMatchObject({ proof: 'reader', pin: 'absent' })
  })

  test('computes no answer to a challenge of ours', async () => {
    const { random } = await reader.challenge('U1')
    const [first, second] = [random.slice(0, 16).toUpperCase(), random.slice(16).toUpperCase()]
    const { serial, atr } = chipOf('U1')
    const line = `${serial.slice(0, 6)}|${atr}|03|${serial}|${first}|${second}|${first}|${second}|`
    expect(codeOf(await reader.send({ line }))).toBe('card-not-genuine')
  })
})

test('a body that is neither step is refused by the field that is missing', async () => {
  const card = chipRead('E1')
  for (const [body, field] of [
    [{}, '/card'],
    [{ card, cryptogram: '00'.repeat(16) }, '/challenge'],
    [{ card, challenge: 'X' }, '/cryptogram'],
    [{ card, challenge: 'X', signature: '00'.repeat(64) }, '/certificates'],
    [{ card, challenge: 'X', cryptogram: '00'.repeat(15) }, '/cryptogram'],
    [{ line: 'x' }, '/line'],
  ] as const)
    expect((await reader.send(body)).json).toMatchObject({ status: 400, facts: { field } })
})

test('the books are whole after all of it', async () => {
  expect(await served.violations()).toEqual([])
})
