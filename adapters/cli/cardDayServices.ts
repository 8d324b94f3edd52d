import type { BrochureRow } from './cardDayDesk.ts'
import { memberOf } from './cardDayDesk.ts'
import { shown, cardAndId, idAlone, at, byCard, service, makeCard } from './cardDayForms.ts'

/** S1 to S5: how somebody comes to a card, and to another one. */
export const cardRows: readonly BrochureRow[] = [
  {
    row: 'S1',
    zh: '申领',
    en: 'apply',
    async play(desk) {
      const person = '510100000000000000009901'
      await desk.ask({
        says: 'somebody insured in Chengdu who has no card yet',
        path: '/v1/people',
        body: {
          id: person,
          name: '演示新',
          citizenNumber: '510199199001019917',
          region: '510100',
          coverages: [{ scheme: 'employee', group: 'working', from: '2015-01-01' }],
        },
        expect: { status: 201 },
      })
      const body = { person, ...at(), ...shown('id-document', 'photo') }
      const applied = await desk.ask({
        says: 'applies at the place of insurance',
        path: '/v1/cards',
        body,
        expect: { status: 201, 'card.life': 'requested' },
      })
      await desk.ask({
        says: 'one person one card',
        path: '/v1/cards',
        body,
        expect: { code: 'card-already-held' },
      })
      const id = String(memberOf(applied.body, 'card.id'))
      const card = await makeCard(desk, id)
      const credential = { type: 'card', number: card.number, cardSn: card.serial }
      await desk.bill('not activated: usable for nothing', credential, 'card-not-activated')
      await service(desk, {
        says: 'activated with card and ID document',
        service: 'activation',
        card: id,
        body: cardAndId,
        expect: { status: 201, 'card.life': 'active' },
      })
      await desk.bill('and now it settles', credential, 'settled')
    },
  },
  {
    row: 'S2',
    zh: '启用',
    en: 'activate',
    async play(desk) {
      const x1 = desk.holder('X1')
      await service(desk, {
        says: 'at any desk of the province',
        service: 'activation',
        card: x1.card.number,
        body: { ...cardAndId, ...at('510700') },
        expect: { status: 201, 'card.life': 'active' },
      })
      await desk.bill('its first settlement', byCard(x1), 'settled')
    },
  },
  {
    row: 'S3',
    zh: '卡状态查询',
    en: 'state and progress',
    async play(desk) {
      await desk.ask({
        says: 'production progress, state, history; numbers masked',
        path: `/v1/cards/${desk.holder('X1').card.number}`,
        expect: { status: 200, life: 'active', 'history.0.service': 'activation' },
      })
    },
  },
  {
    row: 'S4',
    zh: '非关键信息变更',
    en: 'change of non-key data',
    async play(desk) {
      await service(desk, {
        says: 'telephone and address, with the own card; no new card',
        service: 'details',
        card: desk.holder('C1').card.number,
        body: {
          ...shown('own-card'),
          contact: { phone: '13900000001', address: '演示市演示路1号' },
        },
        expect: { status: 201, newCard: undefined },
      })
    },
  },
  {
    row: 'S5',
    zh: '补卡、换卡',
    en: 'reissue and replacement',
    async play(desk) {
      const x3 = desk.holder('X3')
      const told = await service(desk, {
        says: 'reissued after a formal loss, with ID document',
        service: 'reissue',
        card: x3.card.number,
        body: idAlone,
        expect: { status: 201 },
      })
      await service(desk, {
        says: 'from now on the lost card can no longer be un-lost',
        service: 'loss-cancel',
        card: x3.card.number,
        body: cardAndId,
        expect: { code: 'card-state-forbids' },
      })
      const id = String(memberOf(told.body, 'newCard.id'))
      await makeCard(desk, id)
      await service(desk, {
        says: 'the new card is activated',
        service: 'activation',
        card: id,
        body: cardAndId,
        expect: { status: 201, 'card.life': 'active' },
      })
      await desk.bill('and the old one has ended with it', byCard(x3), 'card-superseded')
      await service(desk, {
        says: 'an expired card is replaced, with card and ID document',
        service: 'replacement',
        card: desk.holder('X7').card.number,
        body: { ...cardAndId, reason: 'expired' },
        expect: { status: 201 },
      })
    },
  },
]
