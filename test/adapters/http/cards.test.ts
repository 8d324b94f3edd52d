// The services of a card as the brochure has them, one test for each row.
import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  at,
  cardAndId,
  type CardDeskServed,
  holder,
  idAlone,
  newCardOf,
  openCardDesk,
  show,
} from './cardDesk.ts'

let desk: CardDeskServed
beforeAll(async () => {
  desk = await openCardDesk()
})
afterAll(() => desk.close())

/** Somebody insured in Chengdu who has no card yet. */
async function enrol(id: string, digits: string, more: object = {}): Promise<string> {
  const person = {
    id: `51010000000000000000${id}`,
    name: '演示申',
    citizenNumber: withCheckDigit(digits),
    region: '510100',
    coverages: [{ scheme: 'employee', group: 'working', from: '2015-01-01' }],
    ...more,
  }
  await desk.post('/v1/people', person)
  return person.id
}
const apply = (person: string, body: object) =>
  desk.post('/v1/cards', { person, ...at('510100'), ...body })

describe('the brochure’s rows', () => {
  test('S1 申领: the insured or employed of the province apply; one person one card; made, delivered, progress followed', async () => {
    const person = await enrol('9001', '51019919900101001')
    expect((await apply(person, idAlone)).json).toMatchObject({
      code: 'document-missing',
      facts: { needed: 'photo' },
    })
    const { json } = await apply(person, show('id-document', 'photo'))
    const { id } = json['card'] as { id: string }
    expect(await desk.card(id)).toMatchObject({ life: 'requested', person })
    expect((await apply(person, show('id-document', 'photo'))).json).toMatchObject({
      code: 'card-already-held',
      facts: { card: id },
    })
    const card = await desk.make(id)
    const progress = (await desk.card(card.number))['history'] as { service: string }[]
    expect(progress.map(({ service }) => service)).toEqual(['application', 'making', 'delivery'])
    expect(await desk.byCard(card)).toBe('card-not-activated')
    await desk.done('activation', id, cardAndId)
    expect(await desk.byCard(card)).toBe('settled')
  })

  test('S1 申领 at the place of insurance or of work: elsewhere it is refused', async () => {
    const person = await enrol('9002', '51019919900101002')
    const documents = [{ kind: 'id-document' }, { kind: 'photo' }]
    expect((await apply(person, { ...at('510700'), documents })).json).toMatchObject({
      code: 'applicant-not-in-province',
    })
    const work = { kind: 'employment-document', place: '510700', number: 'W-1' }
    const told = await apply(person, { ...at('510700'), documents: [...documents, work] })
    expect(told.json).toMatchObject({ card: { managedIn: '510700' } })
  })

  test('S2 启用: own card and ID document, any desk of the province; not activated it is usable for nothing', async () => {
    const x1 = holder('X1')
    expect(await desk.byCard(x1)).toBe('card-not-activated')
    expect(await desk.byECard(x1)).toBe('card-not-activated')
    expect(await desk.refused('activation', x1.number, idAlone)).toEqual([
      'document-missing',
      'own-card',
    ])
    expect(await desk.refused('activation', x1.number, { ...cardAndId, ...at('440100') })).toEqual([
      'desk-of-another-province',
      '440100',
    ])
    await desk.done('activation', x1.number, { ...cardAndId, ...at('510700') })
    expect(await desk.byCard(x1)).toBe('settled')
    expect(await desk.byECard(x1)).toBe('settled')
  })

  test('S3 卡状态查询: progress, state and history at desk and hotline, by number or id, and no number in it', async () => {
    const d1 = holder('D1')
    await desk.done('details', d1.number, {
      ...show('own-card'),
      contact: { phone: '13900000001' },
    })
    const shown = await desk.ask(`/v1/cards/${d1.number}`)
    expect(shown.json).toMatchObject({
      life: 'active',
      loss: 'none',
      pin: 'set',
      person: d1.id,
      number: '*****0013',
      history: [{ service: 'details', documents: ['own-card'], desk: { operator: 'op1' } }],
    })
    for (const secret of [d1.number, d1.serial, d1.citizenNumber, '13900000001'])
      expect(shown.text).not.toContain(secret)
    expect((await desk.ask(`/v1/cards/${shown.json['id'] as string}`)).text).toBe(shown.text)
  })

  test('S4 非关键信息变更: telephone and address with the own card at any desk, and no new card', async () => {
    const s1 = holder('S1')
    const contact = { phone: '13900000002', address: '演示市演示路2号' }
    const body = { ...at('510700'), contact }
    expect(await desk.refused('details', s1.number, body)).toEqual(['document-missing', 'own-card'])
    const told = await desk.done('details', s1.number, { ...body, ...show('own-card') })
    expect(told['newCard']).toBeUndefined()
  })

  test('S5 补卡: after a formal loss with ID document; once accepted the lost card can no longer be un-lost', async () => {
    const x3 = holder('X3')
    const e2 = holder('E2')
    expect(await desk.refused('reissue', e2.number, idAlone)).toEqual([
      'card-state-forbids',
      'not-lost',
    ])
    const id = newCardOf(await desk.done('reissue', x3.number, idAlone))
    expect(await desk.refused('loss-cancel', x3.number, cardAndId)).toEqual([
      'card-state-forbids',
      'being-reissued',
    ])
    const card = await desk.make(id)
    expect(await desk.byCard(x3)).toBe('card-formally-lost')
    expect(await desk.byNumber(x3)).toBe('settled')
    await desk.done('activation', id, cardAndId)
    expect(await desk.byCard(x3)).toBe('card-superseded')
    expect(await desk.byCard(card)).toBe('settled')
    expect(await desk.byECard(x3)).toBe('settled')
  })

  test('S5 换卡: the old card settles until the new one is activated, and ends with it; the new one needs S2', async () => {
    const x7 = holder('X7')
    expect(await desk.byCard(x7)).toBe('card-expired')
    const body = { ...cardAndId, reason: 'expired' }
    const id = newCardOf(await desk.done('replacement', x7.number, body))
    const c1 = holder('C1')
    const worn = { ...cardAndId, reason: 'worn-face' }
    const next = newCardOf(await desk.done('replacement', c1.number, worn))
    const card = await desk.make(next)
    expect([await desk.byCard(c1), await desk.byCard(card)]).toEqual([
      'settled',
      'card-not-activated',
    ])
    await desk.done('activation', next, cardAndId)
    expect([await desk.byCard(c1), await desk.byCard(card)]).toEqual(['card-superseded', 'settled'])
    const history = (await desk.card(c1.number))['history'] as { service: string; other?: string }[]
    expect(history.map(({ service, other }) => [service, other])).toEqual([
      ['replacement', next],
      ['supersession', next],
    ])
    expect(await desk.card(id)).toMatchObject({ life: 'requested' })
  })

  test('S5 换卡 where the region ends the old card at handover', async () => {
    const y1 = holder('Y1')
    const body = { ...cardAndId, ...at('510700'), reason: 'damaged' }
    const id = newCardOf(await desk.done('replacement', y1.number, body))
    await desk.done('making', id, at('510700'))
    expect(await desk.byCard(y1)).toBe('settled')
    await desk.done('delivery', id, { ...idAlone, ...at('510700') })
    expect(await desk.byCard(y1)).toBe('card-superseded')
    expect(await desk.byNumber(y1)).toBe('settled')
  })

  test('S5 换卡 for a changed name and number: the new number finds its holder and the old one nobody', async () => {
    const w1 = holder('W1')
    const citizenNumber = withCheckDigit('51019919840909777')
    const identity = { name: '演示新', citizenNumber }
    const body = { ...cardAndId, reason: 'changed-name-or-number', identity }
    await desk.done('replacement', w1.number, body)
    expect(await desk.byNumber(w1)).toBe('person-unknown')
    expect(await desk.byNumber({ citizenNumber })).toBe('settled')
    const taken = { ...identity, citizenNumber: holder('E1').citizenNumber }
    expect(
      await desk.refused('replacement', holder('U1').number, { ...body, identity: taken }),
    ).toEqual(['identity-taken', 'identity.citizenNumber'])
  })
})

test('the books hold together afterwards, and nobody is named in the log', async () => {
  expect(await desk.violations()).toEqual([])
  expect(desk.named()).toEqual([])
  expect(desk.logged.join('')).not.toMatch(/135790|739146|246810|1390000000/)
})
