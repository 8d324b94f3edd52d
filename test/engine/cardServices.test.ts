import { describe, expect, test } from 'vitest'
import type { CardAsked } from '../../engine/cardAsked.ts'
import { readHistory } from '../../engine/cardHistory.ts'
import { lapseLoss, serveCard } from '../../engine/cardService.ts'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import { MoreNeeded } from '../../engine/dossier.ts'
import { CardDesk, day_ms, type More } from './support/cards.ts'
import { day } from './support/packs.ts'
import { card, facts, now } from './support/world.ts'

const held = (more: Parameters<typeof card>[0] = {}, ...rest: unknown[]): CardDesk =>
  new CardDesk([card(more)], ...(rest as []))
const lost = (kind: 'formal' | 'temporary'): CardDesk => {
  const desk = held()
  desk.do(`${kind}-loss`, 'c1')
  return desk
}

describe('S1 application (申领)', () => {
  test('begins a card that is made, handed over, activated, and then usable', () => {
    const desk = new CardDesk()
    expect(desk.do('application').result).toEqual({ card: 'n1' })
    expect(desk.card('n1')).toEqual({
      id: 'n1',
      number: 'D90000001',
      serial: '510100D1560000050000000000000001',
      version: '3.00',
      owner: 'P1',
      life: 'requested',
      loss: { kind: 'none' },
      pin: 'initial',
      issued: '2026-11-23',
      expires: '2036-11-23',
      photo: true,
      managedIn: '510100',
    })
    desk.now += 30 * day_ms
    desk.do('making', 'n1', { documents: [] })
    expect(desk.card('n1')).toMatchObject({ issued: '2026-12-23', expires: '2036-12-23' })
    desk.do('delivery', 'n1')
    desk.do('activation', 'n1')
    expect(desk.history('n1').map(({ service, after }) => [service, after.life])).toEqual([
      ['application', 'requested'],
      ['making', 'made'],
      ['delivery', 'issued'],
      ['activation', 'active'],
    ])
  })

  test('has a card that is made on 29 February end on the 28th', () => {
    const desk = new CardDesk()
    desk.now = Date.UTC(2028, 1, 29, 4)
    desk.do('application')
    expect(desk.card('n1')).toMatchObject({ issued: '2028-02-29', expires: '2038-02-28' })
  })

  test('gives one person one card in the province, until it is cancelled', () => {
    const desk = held()
    expect(desk.refused('application')).toEqual(['card-already-held', 'c1'])
    desk.do('cancellation', 'c1')
    expect(desk.refused('application')).toBe('done')
    expect(desk.refused('application')).toEqual(['card-already-held', 'n1'])
  })

  test('does not ask what another province has given', () => {
    expect(held({ managedIn: '440100' }).refused('application')).toBe('done')
  })

  test('starts with the PIN that all cards are made with, and all its tries', () => {
    expect(new CardDesk([], {}, { pinTries: 6 }).do('application').cards).toMatchObject([
      { pin: { initial: true, tries: 6 } },
    ])
  })
})

describe('S2 activation (启用)', () => {
  test('makes an issued card usable, and the e-card derives from it', () => {
    const desk = held({ life: 'issued' })
    expect(desk.do('activation', 'c1').cards).toEqual([
      { card: card({ life: 'active' }), pin: undefined, bearsECard: true },
    ])
  })

  test.each([
    [{ life: 'made' }, 'made'],
    [{ life: 'active' }, 'active'],
    [{ life: 'issued', loss: { kind: 'formal' } }, 'formally-lost'],
    [{ life: 'issued', expires: day('2026-11-22') }, 'expired'],
    [{ life: 'issued', issued: day('2026-11-24') }, 'not-yet-valid'],
  ] as const)('is not for a card such as %j', (more, state) => {
    expect(held(more).refused('activation', 'c1')).toEqual(['card-state-forbids', state])
  })
})

describe('S4 change of details (非关键信息变更)', () => {
  test('keeps telephone and address, and makes no new card', () => {
    const desk = held()
    const contact = { phone: '13900000000', address: '演示路 1 号' }
    expect(desk.do('details', 'c1', { contact }).cards).toEqual([])
    expect(desk.dossiers.get('P1 contact')?.[0]?.body).toMatchObject(contact)
    expect(JSON.stringify(desk.history('c1'))).not.toContain('13900000000')
    expect(desk.history('c1')).toMatchObject([{ service: 'details', desk: { operator: 'op1' } }])
  })
})

describe('S5 reissue (补卡)', () => {
  test('needs a formal loss, and from then on the lost card cannot be un-lost', () => {
    expect(held().refused('reissue', 'c1')).toEqual(['card-state-forbids', 'not-lost'])
    expect(lost('temporary').refused('reissue', 'c1')).toEqual([
      'card-state-forbids',
      'temporarily-lost',
    ])
    const desk = lost('formal')
    expect(desk.do('reissue', 'c1').result).toEqual({ card: 'c1', newCard: 'n1' })
    expect(desk.card('n1')).toMatchObject({ life: 'requested', replaces: 'c1' })
    expect(desk.refused('loss-cancel', 'c1')).toEqual(['card-state-forbids', 'being-reissued'])
    desk.do('cancellation', 'n1', { reason: 'unclaimed' })
    expect(desk.refused('loss-cancel', 'c1')).toEqual(['card-state-forbids', 'being-reissued'])
  })

  test('is accepted once', () => {
    const desk = lost('formal')
    desk.do('reissue', 'c1')
    expect(desk.refused('reissue', 'c1')).toEqual(['card-already-held', 'n1'])
  })

  test('keeps what the holder wanted of the old card', () => {
    const desk = held({ quickPaymentsOff: true })
    desk.do('formal-loss', 'c1')
    desk.do('reissue', 'c1')
    expect(desk.card('n1').quickPaymentsOff).toBe(true)
  })
})

describe('S5 replacement (换卡)', () => {
  const made = (desk: CardDesk, id: string): CardDesk => {
    desk.do('making', id)
    return desk
  }
  const replaced = (oldCardEnds: 'handover' | 'activation'): CardDesk => {
    const desk = new CardDesk([card()], {}, { oldCardEnds })
    desk.do('replacement', 'c1')
    return made(desk, 'n1')
  }

  test('leaves the old card usable until the new one is activated', () => {
    const desk = replaced('activation')
    desk.do('delivery', 'n1')
    expect(desk.card('c1').life).toBe('active')
    const { cards = [] } = desk.do('activation', 'n1')
    expect(cards.map((change) => [change.card.id, change.card.life])).toEqual([
      ['n1', 'active'],
      ['c1', 'superseded'],
    ])
    expect(desk.history('c1').at(-1)).toMatchObject({ service: 'supersession', other: 'n1' })
  })

  test('ends the old card at handover where the region says so', () => {
    const desk = replaced('handover')
    desk.do('delivery', 'n1')
    expect([desk.card('c1').life, desk.card('n1').life]).toEqual(['superseded', 'issued'])
    expect(desk.do('activation', 'n1').cards).toHaveLength(1)
  })

  test('changes what the holder is called where the reason is a changed name or number', () => {
    const identity = { name: '新名' }
    const desk = held()
    desk.do('replacement', 'c1', { reason: 'changed-name-or-number', identity })
    expect(desk.identity).toEqual({ name: '新名', citizenNumber: '510199198005050028' })
    const other = held()
    expect(
      other.do('replacement', 'c1', { reason: 'worn-face', identity }).identity,
    ).toBeUndefined()
  })

  test('of a card that waits itself ends every card before it', () => {
    const desk = replaced('activation')
    desk.do('delivery', 'n1')
    desk.do('formal-loss', 'n1')
    desk.do('reissue', 'n1')
    expect(desk.refused('replacement', 'c1')).toEqual(['card-already-held', 'n1'])
    desk.do('cancellation', 'n1')
    expect(desk.refused('replacement', 'c1')).toEqual(['card-already-held', 'n2'])
    made(desk, 'n2').do('delivery', 'n2')
    desk.do('activation', 'n2')
    expect(desk.cards.map(({ id, life }) => [id, life]).toSorted()).toEqual([
      ['c1', 'superseded'],
      ['n1', 'cancelled'],
      ['n2', 'active'],
    ])
  })

  test('is not for a lost card', () => {
    expect(lost('formal').refused('replacement', 'c1')).toEqual([
      'card-state-forbids',
      'formally-lost',
    ])
  })
})

describe('S6 and S7, the PIN (密码修改, 密码重置)', () => {
  test('a change makes the initial PIN one of the holder’s own, with all its tries', () => {
    const desk = held({ pin: 'initial' })
    const made = { verifier: 'cd', keyVersion: 2 }
    expect(desk.do('pin', 'c1', { pin: made }).cards).toEqual([
      { card: card(), pin: { made, initial: false, tries: 3 } },
    ])
  })

  test('a PIN that is changed for another one changes although the card does not', () => {
    expect(held().do('pin', 'c1').cards).toHaveLength(1)
  })

  test('a locked PIN is not changed but reset', () => {
    const desk = held({ pin: 'locked' })
    expect(desk.refused('pin', 'c1')).toEqual(['card-state-forbids', 'pin-locked'])
    expect(desk.refused('pin-reset', 'c1')).toBe('done')
    expect(desk.card('c1').pin).toBe('set')
  })

  test('a reset takes two people at the desk', () => {
    for (const second of [undefined, 'op1'])
      expect(held().refused('pin-reset', 'c1', { desk: { second } })).toEqual([
        'document-missing',
        'second-operator',
      ])
  })
})

describe('S8 loss (挂失)', () => {
  test('by telephone is temporary, and lapses seven times twenty-four hours later', () => {
    const desk = held()
    desk.do('temporary-loss', 'c1', { documents: [], desk: { channel: 'hotline' } })
    expect(desk.card('c1').loss).toEqual({ kind: 'temporary', lapses: now + 7 * day_ms })
    desk.now = now + 7 * day_ms - 1
    desk.sweep()
    expect(desk.card('c1').loss.kind).toBe('temporary')
    expect(desk.refused('temporary-loss', 'c1')).toEqual(['card-state-forbids', 'temporarily-lost'])
    desk.now++
    desk.sweep()
    desk.sweep()
    expect(desk.card('c1').loss).toEqual({ kind: 'none' })
    expect(desk.history('c1').map(({ service }) => service)).toEqual(['temporary-loss', 'lapse'])
  })

  test('that has lapsed is told in the history by whoever comes before the sweep', () => {
    const desk = lost('temporary')
    desk.now += 7 * day_ms
    desk.do('temporary-loss', 'c1')
    expect(desk.history('c1').map(({ service }) => service)).toEqual([
      'temporary-loss',
      'lapse',
      'temporary-loss',
    ])
    desk.now += 7 * day_ms
    desk.do('details', 'c1')
    expect(desk.card('c1').loss.kind).toBe('none')
  })

  test('is formal at a desk alone, where the ID document is seen', () => {
    const desk = lost('temporary')
    expect(desk.refused('formal-loss', 'c1', { desk: { channel: 'hotline' } })).toEqual([
      'document-missing',
      'id-document',
    ])
    desk.do('formal-loss', 'c1')
    desk.now += 100 * day_ms
    desk.sweep()
    expect(desk.card('c1').loss).toEqual({ kind: 'formal' })
  })

  test('of a card that nobody has is swept for nobody', () => {
    expect(lapseLoss(held().found, 'c9')).toMatchObject({ code: 'card-unknown' })
  })
})

describe('S9 loss withdrawn (解挂)', () => {
  test.each(['temporary', 'formal'] as const)('ends a %s loss', (kind) => {
    const desk = lost(kind)
    desk.do('loss-cancel', 'c1', { desk: { division: '510700' } })
    expect(desk.card('c1')).toEqual(card())
    expect(desk.refused('loss-cancel', 'c1')).toEqual(['card-state-forbids', 'not-lost'])
  })
})

describe('S10 move of the insured place (参保地转移)', () => {
  const there: More = {
    desk: { division: '510700' },
    documents: [{ kind: 'own-card' }, { kind: 'id-document' }],
  }

  test('moves the card where insurance or work has moved, and no coverage', () => {
    const coverages = [
      { scheme: 'employee', region: '510700', group: 'working', from: day('2026-11-01') },
    ] as const
    const desk = held({}, { coverages })
    expect(desk.do('relocation', 'c1', there).person).toBeUndefined()
    expect(desk.card('c1').managedIn).toBe('510700')
    expect(desk.refused('relocation', 'c1', there)).toEqual(['card-state-forbids', 'managed-there'])
    const work = held()
    const documents = [
      ...(there.documents ?? []),
      { kind: 'employment-document', place: '510700' } as const,
    ]
    work.do('relocation', 'c1', { ...there, documents })
    expect(work.card('c1').managedIn).toBe('510700')
  })

  test('needs a ground, within the province', () => {
    expect(held().refused('relocation', 'c1', there)).toEqual([
      'relocation-without-ground',
      '510700',
    ])
    expect(held().refused('relocation', 'c1', { desk: { division: '440100' } })).toEqual([
      'desk-of-another-province',
      '440100',
    ])
  })
})

describe('S11 cancellation (注销)', () => {
  test('ends the social application first and the bank’s part then, once each', () => {
    const desk = held()
    expect(desk.refused('bank-cancellation', 'c1')).toEqual(['card-state-forbids', 'active'])
    desk.do('cancellation', 'c1', { note: '多余卡' })
    expect(desk.refused('cancellation', 'c1')).toEqual(['card-state-forbids', 'cancelled'])
    expect(desk.do('bank-cancellation', 'c1').cards).toEqual([])
    expect(desk.refused('bank-cancellation', 'c1')).toEqual([
      'card-state-forbids',
      'cancelled-at-bank',
    ])
    expect(desk.history('c1').map(({ service, note }) => [service, note])).toEqual([
      ['cancellation', '多余卡'],
      ['bank-cancellation', undefined],
    ])
  })

  test('is of an unclaimed card only while nobody has it', () => {
    expect(held({ life: 'made' }).refused('cancellation', 'c1', { reason: 'unclaimed' })).toBe(
      'done',
    )
    expect(held().refused('cancellation', 'c1', { reason: 'unclaimed' })).toEqual([
      'card-state-forbids',
      'active',
    ])
  })

  test('is done for one who has died, and hardly anything else is', () => {
    const died = day('2026-11-01')
    const desk = held({}, { died })
    expect(desk.refused('replacement', 'c1')).toEqual(['person-deceased', '2026-11-23'])
    expect(desk.refused('formal-loss', 'c1')).toBe('done')
    expect(desk.refused('cancellation', 'c1', { reason: 'death' })).toBe('done')
    expect(desk.refused('bank-cancellation', 'c1')).toBe('done')
  })
})

describe('every service', () => {
  test('tells who did it, on what document, for whom and why, before and after', () => {
    const desk = held()
    const documents = [
      { kind: 'id-document', number: 'X1' },
      { kind: 'proxy-id-document' },
      { kind: 'authorization' },
      { kind: 'away-proof' },
    ] as const
    const acting = { ground: 'away', name: '代办' } as const
    desk.do('formal-loss', 'c1', { documents, acting, note: '遗失', desk: { second: undefined } })
    const { life, pin, issued, expires, managedIn } = card()
    const state = { life, pin, issued, expires, managedIn }
    expect(desk.history('c1')).toEqual([
      {
        service: 'formal-loss',
        at: now,
        desk: { division: '510100', operator: 'op1', second: undefined, channel: 'desk' },
        documents,
        acting,
        reason: undefined,
        note: '遗失',
        before: { ...state, loss: { kind: 'none' } },
        after: { ...state, loss: { kind: 'formal' } },
      },
    ])
    expect(readHistory([])).toEqual([])
  })

  test('is of a person and a card that are known', () => {
    const places = { regions: { regionOf: () => undefined }, policyOf: () => usualCardPolicy }
    const asked: CardAsked = held().asked('details', 'c1')
    const found = { ...held().found, facts: facts({ person: undefined }) }
    expect(serveCard(found, asked, places)).toMatchObject({ code: 'person-unknown' })
    expect(held().refused('details', 'c2')).toEqual(['card-unknown'])
  })

  test('adds only to what was read, and says what else must be', () => {
    const desk = held()
    const unread = { ...desk.found, dossiers: new Map() }
    const places = {
      regions: { regionOf: () => ({ division: '510100' }) as never },
      policyOf: () => usualCardPolicy,
    }
    expect(() => serveCard(unread, desk.asked('formal-loss', 'c1'), places)).toThrow(MoreNeeded)
  })
})
