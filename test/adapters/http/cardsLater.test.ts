// The services of a card as the brochure has them, from S6 on; those before are in cards.test.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  at,
  byTelephone,
  cardAndId,
  type CardDeskServed,
  holder,
  idAlone,
  keyIn,
  openCardDesk,
  show,
  terminal,
} from './cardDesk.ts'

let desk: CardDeskServed
beforeAll(async () => {
  desk = await openCardDesk()
})
afterAll(() => desk.close())

describe('the brochure’s rows', () => {
  test('S6 密码修改: own card and the old PIN', async () => {
    const { number } = holder('L1')
    const pin = (oldPin: string, newPin: string) => ({
      ...show('own-card'),
      ...at('510100', { channel: 'self' }),
      terminal,
      oldPin: keyIn(oldPin, number),
      newPin: keyIn(newPin, number),
    })
    expect(await desk.refused('pin', number, pin('739146', '246810'))).toEqual([
      'card-pin-wrong',
      2,
    ])
    expect(await desk.refused('pin', number, pin('135790', '123456'))).toEqual([
      'pin-not-allowed',
      'initial',
    ])
    await desk.done('pin', number, pin('135790', '739146'))
    expect(await desk.refused('pin', number, pin('135790', '246810'))).toEqual([
      'card-pin-wrong',
      2,
    ])
    expect(await desk.refused('pin', number, pin('739146', '246810'))).toEqual(['done'])
  })

  test('S7 密码重置: card and ID document, forgotten or locked, by two people of the desk', async () => {
    const { number } = holder('X4')
    const body = { ...cardAndId, terminal, newPin: keyIn('739146', number) }
    const change = { ...body, oldPin: keyIn('135790', number) }
    expect(await desk.refused('pin', number, change)).toEqual(['card-state-forbids', 'pin-locked'])
    expect(await desk.refused('pin-reset', number, body)).toEqual([
      'document-missing',
      'second-operator',
    ])
    const two = { ...body, ...at('510100', { second: 'op2' }) }
    expect(await desk.done('pin-reset', number, two)).toMatchObject({ card: { pin: 'set' } })
    const next = { oldPin: keyIn('739146', number), newPin: keyIn('246810', number) }
    expect(await desk.refused('pin', number, { ...cardAndId, terminal, ...next })).toEqual(['done'])
  })

  test('S8 挂失, formal at a desk with ID document: the card is refused, its holder is not', async () => {
    const e1 = holder('E1')
    const telephone = { ...byTelephone, ...idAlone }
    expect(await desk.refused('formal-loss', e1.number, telephone)).toEqual([
      'document-missing',
      'id-document',
    ])
    await desk.done('formal-loss', e1.number, idAlone)
    expect(await desk.byCard(e1)).toBe('card-formally-lost')
    expect(await desk.byECard(e1)).toBe('card-formally-lost')
    expect(await desk.byNumber(e1)).toBe('settled')
  })

  test('S9 解挂: found card and ID document, both kinds of loss, at any desk', async () => {
    const r1 = holder('R1')
    for (const [loss, body] of [
      ['temporary-loss', byTelephone],
      ['formal-loss', idAlone],
    ] as const) {
      await desk.done(loss, r1.number, body)
      expect(await desk.byCard(r1)).toBe(
        loss === 'formal-loss' ? 'card-formally-lost' : 'card-temporarily-lost',
      )
      expect(await desk.refused('loss-cancel', r1.number, idAlone)).toEqual([
        'document-missing',
        'own-card',
      ])
      await desk.done('loss-cancel', r1.number, { ...cardAndId, ...at('510700') })
      expect(await desk.byCard(r1)).toBe('settled')
    }
  })

  test('S10 参保地转移: the card’s managing place moves, and settlements go on following the coverage', async () => {
    const o1 = holder('O1')
    const work = [{ kind: 'own-card' }, { kind: 'id-document' }]
    const there = { ...at('510700'), documents: work }
    expect(await desk.refused('relocation', o1.number, there)).toEqual([
      'relocation-without-ground',
      '510700',
    ])
    const documents = [...work, { kind: 'employment-document', place: '510700' }]
    await desk.done('relocation', o1.number, { ...there, documents })
    expect(await desk.card(o1.number)).toMatchObject({ managedIn: '510700' })
    const credential = { type: 'card', number: o1.number, cardSn: o1.serial }
    const lines = [{ id: 'S10', item: 'X1', quantity: '1', unitPrice: '25', amount: '25.00' }]
    const bill = { institution: 'H51010000001', day: '2026-03-02', care: 'outpatient' }
    const told = await desk.post('/v1/settlements', { ...bill, credential, total: '25.00', lines })
    expect(told.json).toMatchObject({ homeRegion: '510100', route: 'local' })
  })

  test('S11 注销: the social application first, then the bank’s part; a number still settles', async () => {
    const u1 = holder('U1')
    const form = show('cancellation-form', 'id-document')
    const bank = { ...form, part: 'bank' }
    expect(await desk.refused('cancellation', u1.number, bank)).toEqual([
      'card-state-forbids',
      'active',
    ])
    const social = { ...form, part: 'social-security', reason: 'surplus' }
    await desk.done('cancellation', u1.number, social)
    expect(await desk.byCard(u1)).toBe('card-cancelled')
    expect(await desk.byNumber(u1)).toBe('settled')
    await desk.done('cancellation', u1.number, bank)
    expect(await desk.refused('cancellation', u1.number, bank)).toEqual([
      'card-state-forbids',
      'cancelled-at-bank',
    ])
  })

  test('S11 注销 after a death: the stay that the deceased was in is still settled', async () => {
    const p1 = holder('P1')
    const body = {
      ...show('cancellation-form', 'death-certificate', 'proxy-id-document', 'kinship-proof'),
      proxy: { ground: 'family', name: '演示子' },
      part: 'social-security',
      reason: 'death',
    }
    await desk.done('cancellation', p1.number, body)
    const stay = { admission: '2026-02-20', discharge: '2026-03-01' }
    expect(await desk.byNumber(p1, { care: 'inpatient', stay })).toBe('settled')
  })

  test('Q2 代办与监护: proxies and guardians with their proofs; a photo is due at seven', async () => {
    const r2 = holder('R2')
    const proxy = { ground: 'guardian', name: '演示监' }
    const proofs = ['guardian-id-document', 'guardianship-proof'] as const
    expect(await desk.refused('formal-loss', r2.number, { ...idAlone, proxy })).toEqual([
      'document-missing',
      'guardian-id-document',
    ])
    await desk.done('formal-loss', r2.number, { ...show('id-document', ...proofs), proxy })
    const young = { ...show('id-document', ...proofs), proxy }
    await desk.done('reissue', r2.number, young)
    const x8 = holder('X8')
    await desk.done('formal-loss', x8.number, young)
    expect(await desk.refused('reissue', x8.number, young)).toEqual(['document-missing', 'photo'])
    const pin = { terminal, oldPin: '00'.repeat(16), newPin: '00'.repeat(16) }
    expect(await desk.refused('pin', x8.number, { ...young, ...pin })).toEqual([
      'proxy-not-allowed',
      'holder-alone',
    ])
  })
})

test('the books hold together afterwards, and nobody is named in the log', async () => {
  expect(await desk.violations()).toEqual([])
  expect(desk.named()).toEqual([])
  expect(desk.logged.join('')).not.toMatch(/135790|739146|246810|1390000000/)
})
