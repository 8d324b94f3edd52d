import type { BrochureRow, Fields } from './cardDayDesk.ts'
import { shown, cardAndId, at, byTelephone, byCard, byNumber, service } from './cardDayForms.ts'

/** S6 to S11, and who may come for somebody else: what is done to a card that is there. */
export const laterRows: readonly BrochureRow[] = [
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
