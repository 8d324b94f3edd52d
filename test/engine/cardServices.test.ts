import { describe, expect, test } from 'vitest'
import type { CardAsked } from '../../engine/cardAsked.ts'
import { readHistory } from '../../engine/cardHistory.ts'
import { serveCard } from '../../engine/cardService.ts'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import { MoreNeeded } from '../../engine/dossier.ts'
import { CardDesk, day_ms } from './support/cards.ts'
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
    expect(desk.do('application').result).toMatchObject({ card: { id: 'n1', life: 'requested' } })
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
    expect(desk.do('reissue', 'c1').result).toMatchObject({
      card: { id: 'c1', life: 'active' },
      newCard: { id: 'n1', life: 'requested' },
    })
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
