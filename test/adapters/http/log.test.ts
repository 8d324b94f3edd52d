import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  createLog,
  describeError,
  maskCardNumber,
  maskCitizenNumber,
  maskName,
  scrub,
} from '../../../adapters/log.ts'
import { goodClaim, openDoor } from './desk.ts'

interface World {
  people: {
    name: string
    certno: string
    psn_no: string
    card: { cardno: string; card_sn: string }
  }[]
}

const { people } = parse(readFileSync('rules/sandbox/world.yaml', 'utf8'), {
  schema: 'failsafe',
}) as World

test('names, citizen numbers and card numbers have one form in which they may be shown', () => {
  expect(maskName('张三丰')).toBe('张*')
  expect(maskName('𠮷野')).toBe('𠮷*')
  expect(maskName('')).toBe('*')
  expect(maskCitizenNumber('510199198603120110')).toBe('510***********0110')
  expect(maskCitizenNumber('123')).toBe('***')
  expect(maskCardNumber('D80000001')).toBe('*****0001')
  expect(maskCardNumber('D80')).toBe('***')
})

test('a message of others loses the numbers in it', () => {
  const said = scrub('Key (certno)=(51019919900105013X) of card D80000003 at 5432 already exists')
  expect(said).toBe('Key (certno)=(510***********013X) of card *****0003 at 5432 already exists')
})

test('an error is described by kind, code and place, not by what it held', () => {
  const error = Object.assign(new Error('no 510199198603120110'), {
    code: '23505',
    detail: '演示甲',
  })
  expect(JSON.stringify(describeError(error))).not.toMatch(/510199198603120110|演示甲/)
  expect(describeError(error)).toMatchObject({ type: 'Error', code: '23505' })
})

test('nothing that names a person of the sandbox gets into the log, whatever path it was sent to', async () => {
  const { app, lines } = await openDoor()
  const send = (url: string, payload: unknown, key: string) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      payload: JSON.stringify(payload),
    })
  for (const { name, certno, psn_no, card } of people) {
    const credentials = [
      { type: 'citizen-number', number: certno },
      { type: 'card', number: card.cardno, cardSn: card.card_sn },
    ]
    for (const credential of credentials) {
      const body = { ...goodClaim, credential }
      await send('/v1/settlements', body, certno)
      await send('/v1/settlements', { ...body, name }, card.cardno)
      await send('/v1/settlements/preview', body, certno)
      await send(
        `/v1/settlements/${card.cardno}/cancellation`,
        { institution: certno, reason: name },
        certno,
      )
      await send('/v1/people', { id: psn_no, name, citizenNumber: certno }, certno)
      await app.inject({
        method: 'POST',
        url: '/v1/settlements/batch',
        headers: { 'content-type': 'application/x-ndjson' },
        payload: JSON.stringify({ key: certno, ...body }),
      })
    }
    for (const path of [
      `/v1/people/${certno}`,
      `/v1/people/${certno}/accounts`,
      `/v1/settlements?person=${certno}`,
      `/${encodeURIComponent(name)}`,
      `/v1/settlements?key=${certno}&institution=${card.cardno}`,
    ])
      await app.inject(path)
  }
  await app.close()
  expect(lines.length).toBeGreaterThan(people.length * 10)
  const log = lines.join('')
  for (const { name, certno, card } of people)
    for (const secret of [name, certno, card.cardno, card.card_sn])
      expect(log.includes(secret), `${secret} is in the log`).toBe(false)
})

test('log levels are words and moments are readable', () => {
  const lines: string[] = []
  createLog('info', { write: (line: string) => void lines.push(line) }).info('ready')
  expect(JSON.parse(lines[0] as string)).toEqual({
    level: 'info',
    time: expect.any(String),
    msg: 'ready',
  })
})
