// What a card desk does with repeats, races, wrong bodies and names that are no cards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  at,
  cardAndId,
  type CardDeskServed,
  holder,
  idAlone,
  keyIn,
  newCardOf,
  openCardDesk,
  show,
  terminal,
} from './cardDesk.ts'

let desk: CardDeskServed
beforeAll(async () => {
  desk = await openCardDesk()
})
afterAll(() => desk.close())

describe('a service', () => {
  test('is done once however often it is asked under its key, and told in the same bytes', async () => {
    const { number } = holder('E1')
    const once = await desk.service('formal-loss', number, idAlone, 'k-loss')
    await desk.done('loss-cancel', number, cardAndId)
    const before = await desk.count()
    const again = await desk.service('formal-loss', number, idAlone, 'k-loss')
    expect([again.status, again.text]).toEqual([201, once.text])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await desk.card(number))['loss']).toBe('none')
    expect(await desk.count()).toEqual(before)
  })

  test('is told by its key to whoever never heard of it', async () => {
    const { number } = holder('M1')
    const heard = await desk.service('formal-loss', number, idAlone, 'k-unheard')
    const { json } = await desk.ask('/v1/settlements?institution=desk:510100&key=k-unheard')
    expect(json['answer']).toEqual({ status: 201, body: heard.json })
    await desk.done('loss-cancel', number, cardAndId)
    const again = await desk.ask('/v1/settlements?institution=desk:510100&key=k-unheard')
    expect(again.json['answer']).toEqual({ status: 201, body: heard.json })
  })

  test('is one under the card’s number and under its id', async () => {
    const { number } = holder('E2')
    const once = await desk.service('formal-loss', number, idAlone, 'k-id')
    const { id } = once.json['card'] as { id: string }
    expect((await desk.service('formal-loss', id, idAlone, 'k-id')).text).toBe(once.text)
  })

  test('under a key that did something else is refused', async () => {
    const { number } = holder('C1')
    await desk.service('temporary-loss', number, {}, 'k-other')
    const told = await desk.service('loss-cancel', number, cardAndId, 'k-other')
    expect([told.status, told.json['code']]).toEqual([422, 'idempotency-key-reused'])
  })

  test('that was refused is refused again under its key, and not under another', async () => {
    const { number } = holder('R1')
    const refused = await desk.service('formal-loss', number, {}, 'k-refused')
    expect(refused.json).toMatchObject({ code: 'document-missing' })
    expect((await desk.service('formal-loss', number, {}, 'k-refused')).text).toBe(refused.text)
    expect((await desk.service('formal-loss', number, idAlone)).status).toBe(201)
  })

  test('that makes a card makes one, of two desks that ask at once', async () => {
    const { number } = holder('X3')
    const asked = [at('510100'), at('510700'), at('510100'), at('510700')]
    const told = await Promise.all(
      asked.map((where) => desk.service('reissue', number, { ...idAlone, ...where })),
    )
    expect(told.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422])
    for (const { status, json } of told)
      if (status === 422) expect(json).toMatchObject({ code: 'card-already-held' })
  })

  test('with a PIN takes one try however often it is repeated', async () => {
    const { number } = holder('L1')
    const pin = (old: string, key: string) => {
      const blocks = { oldPin: keyIn(old, number), newPin: keyIn('246810', number) }
      const body = { ...show('own-card'), terminal, ...blocks }
      return async () => desk.service('pin', number, body, key)
    }
    const wrong = pin('739146', 'k-wrong')
    const first = await wrong()
    expect(first.json).toMatchObject({ code: 'card-pin-wrong', facts: { left: 2 } })
    for (let i = 0; i < 3; i++) expect((await wrong()).text).toBe(first.text)
    const right = pin('135790', 'k-right')
    const done = await right()
    expect(done.status).toBe(201)
    expect((await right()).text).toBe(done.text)
    const { rows } = await desk.owner.query('select kind from pin_try order by kind')
    expect(rows.map(({ kind }) => kind)).toEqual(['right', 'taken', 'taken'])
  })

  test('that is sent six times at once is done once: the old card ends and the new one begins together', async () => {
    const u1 = holder('U1')
    const told = await desk.done('replacement', u1.number, { ...cardAndId, reason: 'damaged' })
    const id = newCardOf(told)
    const card = await desk.make(id)
    const key = 'k-activation'
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => desk.service('activation', id, cardAndId, key)),
    )
    for (const { status } of answers) expect([201, 409]).toContain(status)
    expect((await desk.service('activation', id, cardAndId, key)).status).toBe(201)
    const history = (await desk.card(u1.number))['history'] as { service: string }[]
    expect(history.map(({ service }) => service)).toEqual(['replacement', 'supersession'])
    expect([await desk.byCard(u1), await desk.byCard(card)]).toEqual(['card-superseded', 'settled'])
  })
})

describe('what is not there', () => {
  test.each([
    'Z00000000',
    'x',
    'ff'.repeat(16),
    '00'.repeat(16),
    "D80000001'--",
    'null',
    '__proto__',
  ])('is no card: %s', async (name) => {
    const before = await desk.count()
    const reference = encodeURIComponent(name)
    const shown = await desk.ask(`/v1/cards/${reference}`)
    expect([400, 404]).toContain(shown.status)
    const told = await desk.service('formal-loss', reference, idAlone)
    expect(told.status).toBe(shown.status)
    expect(told.text).not.toContain(name)
    expect(await desk.count()).toEqual(before)
  })

  test('is no person to apply for', async () => {
    const body = { person: '510100000000000000007777', ...at('510100'), ...idAlone }
    const told = await desk.post('/v1/cards', body)
    expect(told.json).toMatchObject({ code: 'person-unknown' })
  })

  test('is no desk', async () => {
    const { number } = holder('M1')
    expect(await desk.refused('temporary-loss', number, at('999999'))).toEqual([
      'desk-unknown',
      '999999',
    ])
  })
})

describe('a body', () => {
  const { number } = holder('M1')
  const wrong: [string, object, string][] = [
    ['formal-loss', { documents: [{ kind: 'old-pin' }] }, '/documents/0/kind'],
    ['formal-loss', { documents: [{ kind: 'second-operator' }] }, '/documents/0/kind'],
    ['formal-loss', { documents: idAlone }, '/documents'],
    ['formal-loss', { desk: { division: '510100' } }, '/desk/operator'],
    ['formal-loss', { desk: { division: '51', operator: 'op1' } }, '/desk/division'],
    ['formal-loss', { reason: 'lost' }, '/reason'],
    ['formal-loss', { proxy: { ground: 'friend' } }, '/proxy/ground'],
    ['details', { ...show('own-card') }, '/contact'],
    ['details', { contact: {} }, '/contact'],
    ['replacement', { ...cardAndId }, '/reason'],
    ['replacement', { ...cardAndId, reason: 'bored' }, '/reason'],
    ['replacement', { ...cardAndId, reason: 'changed-name-or-number' }, '/identity'],
    ['replacement', { ...cardAndId, reason: 'damaged', identity: { name: '新' } }, '/identity'],
    ['cancellation', { part: 'social-security' }, '/reason'],
    ['cancellation', { part: 'bank', reason: 'death' }, '/reason'],
    ['cancellation', { reason: 'death' }, '/part'],
    ['pin', { terminal, oldPin: '135790', newPin: '739146' }, '/oldPin'],
    ['pin-reset', { newPin: '00'.repeat(16) }, '/terminal'],
  ]
  test.each(wrong)('of %s such as %j is refused by name: %s', async (service, body, field) => {
    const before = await desk.count()
    const { status, json } = await desk.service(service, number, body as never)
    expect([status, json['code'], (json['facts'] as { field: string }).field]).toEqual([
      400,
      'field-invalid',
      field,
    ])
    expect(await desk.count()).toEqual(before)
  })

  test('with a citizen number that cannot be is refused', async () => {
    const identity = { citizenNumber: '510199198409090166' }
    const body = { ...cardAndId, reason: 'changed-name-or-number', identity }
    expect(await desk.refused('replacement', number, body)).toEqual([
      'credential-invalid',
      'identity.citizenNumber',
      'citizen-number',
    ])
  })

  test('comes with a key of its own', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    const told = await desk.ask(`/v1/cards/${number}/formal-loss`, init)
    expect(told.json).toMatchObject({ code: 'idempotency-key-missing' })
  })
})

test('the books hold together afterwards', async () => {
  expect(await desk.violations()).toEqual([])
})
