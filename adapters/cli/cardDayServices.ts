import type { BrochureRow, CardDayDesk, Fields, Holder } from './cardDayDesk.ts'
import { memberOf } from './cardDayDesk.ts'

const shown = (...kinds: readonly string[]): Fields => ({
  documents: kinds.map((kind) => ({ kind })),
})
const cardAndId = shown('own-card', 'id-document')
const idAlone = shown('id-document')
const at = (division = '510100', more: Fields = {}): Fields => ({
  desk: { division, operator: '0001', ...more },
})
const byTelephone = at('510100', { channel: 'hotline' })

const byCard = ({ card: { number, serial } }: Holder): Fields => ({
  type: 'card',
  number,
  cardSn: serial,
})
const byNumber = ({ citizenNumber }: Holder): Fields => ({
  type: 'citizen-number',
  number: citizenNumber,
})

interface Wanted {
  readonly says: string
  readonly service: string
  readonly card: string
  readonly body: Fields
  readonly expect: Fields
}

const service = (desk: CardDayDesk, { says, service: name, card, body, expect }: Wanted) =>
  desk.ask({ says, path: `/v1/cards/${card}/${name}`, body: { ...at(), ...body }, expect })

/** A card that was applied for is made and handed over: its number and serial are told to the card maker alone. */
async function makeCard(
  desk: CardDayDesk,
  card: string,
): Promise<{ number: string; serial: string }> {
  const made = await service(desk, {
    says: 'the card maker has made it',
    service: 'making',
    card,
    body: {},
    expect: { status: 201, 'card.life': 'made' },
  })
  await service(desk, {
    says: 'handed over to its holder',
    service: 'delivery',
    card,
    body: idAlone,
    expect: { status: 201, 'card.life': 'issued' },
  })
  return memberOf(made.body, 'make') as { number: string; serial: string }
}

/** S1 to S11: what is done at a card desk. */
export const serviceRows: readonly BrochureRow[] = [
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
  {
    row: 'S6',
    zh: '密码修改',
    en: 'PIN change',
    async play(desk) {
      const { number } = desk.holder('E2').card
      const body = (oldPin: string, newPin: string): Fields => ({
        ...shown('own-card'),
        terminal: { division: '510100', id: 'T51010001' },
        oldPin: desk.keyIn(oldPin, number),
        newPin: desk.keyIn(newPin, number),
      })
      await service(desk, {
        says: 'the old PIN is wrong',
        service: 'pin',
        card: number,
        body: body('246810', '739146'),
        expect: { code: 'card-pin-wrong', 'facts.left': 2 },
      })
      await service(desk, {
        says: 'own card and the old PIN',
        service: 'pin',
        card: number,
        body: body('135790', '739146'),
        expect: { status: 201, 'card.pin': 'set' },
      })
    },
  },
  {
    row: 'S7',
    zh: '密码重置',
    en: 'PIN reset',
    async play(desk) {
      const { number } = desk.holder('X4').card
      await service(desk, {
        says: 'locked; card and ID document, by two people of the desk',
        service: 'pin-reset',
        card: number,
        body: {
          ...cardAndId,
          ...at('510100', { second: '0002' }),
          terminal: { division: '510100', id: 'T51010001' },
          newPin: desk.keyIn('739146', number),
        },
        expect: { status: 201, 'card.pin': 'set' },
      })
    },
  },
  {
    row: 'S8',
    zh: '挂失',
    en: 'loss report',
    async play(desk) {
      const d1 = desk.holder('D1')
      await service(desk, {
        says: 'by hotline, for seven days',
        service: 'temporary-loss',
        card: d1.card.number,
        body: byTelephone,
        expect: { status: 201, 'card.loss': 'temporary' },
      })
      await desk.bill(
        'the very next bill by this card is refused',
        byCard(d1),
        'card-temporarily-lost',
      )
      await desk.bill('its holder is not', byNumber(d1), 'settled')
      await desk.bill(
        'one of eight days ago has lapsed by itself',
        byCard(desk.holder('X6')),
        'settled',
      )
    },
  },
  {
    row: 'S9',
    zh: '解挂',
    en: 'loss withdrawn',
    async play(desk) {
      const d1 = desk.holder('D1')
      await service(desk, {
        says: 'found card and ID document, at any desk',
        service: 'loss-cancel',
        card: d1.card.number,
        body: { ...cardAndId, ...at('510700') },
        expect: { status: 201, 'card.loss': 'none' },
      })
      await desk.bill('it settles again', byCard(d1), 'settled')
    },
  },
  {
    row: 'S10',
    zh: '参保地转移',
    en: 'relocation',
    async play(desk) {
      const o1 = desk.holder('O1')
      const work = { kind: 'employment-document', place: '510700' }
      await service(desk, {
        says: 'work moved to Mianyang: the card’s managing place moves',
        service: 'relocation',
        card: o1.card.number,
        body: {
          ...at('510700'),
          documents: [{ kind: 'own-card' }, { kind: 'id-document' }, work],
        },
        expect: { status: 201, 'card.managedIn': '510700' },
      })
      await desk.ask({
        says: 'settlements go on following the coverage',
        path: '/v1/settlements/preview',
        body: {
          institution: 'H51010000001',
          day: desk.day,
          care: 'outpatient',
          credential: byCard(o1),
          total: '12.00',
          lines: [
            {
              id: 'L',
              item: '001101000010000',
              quantity: '1',
              unitPrice: '12.00',
              amount: '12.00',
            },
          ],
        },
        expect: { status: 200, homeRegion: '510100', route: 'local' },
      })
    },
  },
  {
    row: 'S11',
    zh: '注销',
    en: 'cancellation',
    async play(desk) {
      const s1 = desk.holder('S1')
      const form = shown('cancellation-form', 'id-document')
      await service(desk, {
        says: 'the bank’s part does not come first',
        service: 'cancellation',
        card: s1.card.number,
        body: { ...form, part: 'bank' },
        expect: { code: 'card-state-forbids' },
      })
      for (const body of [{ part: 'social-security', reason: 'surplus' }, { part: 'bank' }])
        await service(desk, {
          says: body.part === 'bank' ? 'then the bank’s part' : 'the social application first',
          service: 'cancellation',
          card: s1.card.number,
          body: { ...form, ...body },
          expect: { status: 201, 'card.life': 'cancelled' },
        })
    },
  },
  {
    row: 'Q2',
    zh: '代办与监护',
    en: 'proxies and guardians',
    async play(desk) {
      const { number } = desk.holder('R2').card
      const proxy = { ground: 'guardian', name: '演示甲' }
      await service(desk, {
        says: 'a guardian without proof is refused',
        service: 'formal-loss',
        card: number,
        body: { ...shown('id-document', 'guardian-id-document'), proxy },
        expect: { code: 'document-missing', 'facts.needed': 'guardianship-proof' },
      })
      await service(desk, {
        says: 'with proof the guardian of a child reports the loss',
        service: 'formal-loss',
        card: number,
        body: { ...shown('id-document', 'guardian-id-document', 'guardianship-proof'), proxy },
        expect: { status: 201, 'card.loss': 'formal' },
      })
    },
  },
]
