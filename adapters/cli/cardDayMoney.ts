import type { BrochureRow } from './cardDayDesk.ts'

const line = {
  id: 'F',
  item: '001101000010000',
  quantity: '1',
  unitPrice: '12.00',
  amount: '12.00',
}

/** F2 and F4 to F6: what is recorded, settled, contributed and collected. */
export const moneyRows: readonly BrochureRow[] = [
  {
    row: 'F2',
    zh: '信息记录',
    en: 'information record',
    async play(desk) {
      const { id, card } = desk.holder('C1')
      await desk.ask({
        says: 'person, insurance and cards, names and numbers masked',
        path: `/v1/people/${id}`,
        expect: { status: 200, name: '演*', 'cards.0.life': 'active' },
      })
      const kept = await desk.ask({
        says: 'a desk keeps a copy of an e-certificate',
        path: `/v1/people/${id}/certificates`,
        body: {
          desk: { division: '510100', operator: '0001' },
          kind: 'household-register',
          number: 'HK-2026-0001',
          issuer: '演示机关',
          from: '2020-01-01',
          mediaType: 'application/pdf',
          copy: Buffer.from('%PDF-1.7 演示证照').toString('base64'),
        },
        expect: { status: 201 },
      })
      await desk.ask({
        says: 'insurance as it was recorded, and the copies that are kept',
        path: `/v1/people/${id}/records`,
        expect: {
          status: 200,
          'insurance.0.region': '510100',
          'certificates.0.certificate': kept.body['certificate'],
        },
      })
      await desk.ask({
        says: 'the card with its history: who did what, on what document',
        path: `/v1/cards/${card.number}`,
        expect: { status: 200, 'history.0.service': 'details' },
      })
    },
  },
  {
    row: 'F4',
    zh: '就医结算',
    en: 'medical settlement',
    async play(desk) {
      const { card } = desk.holder('Y1')
      const credential = { type: 'card', number: card.number, cardSn: card.serial }
      const told = await desk.bill(
        'insured in Mianyang, treated in Chengdu: settled at once (the day above has the others)',
        credential,
        'settled',
      )
      await desk.ask({
        says: 'and every fen of it can be asked about',
        path: `/v1/settlements/${String(told.body['id'])}`,
        expect: { status: 200, route: 'inProvince' },
      })
    },
  },
  {
    row: 'F5',
    zh: '缴费和待遇领取',
    en: 'contributions and benefits',
    async play(desk) {
      const common = {
        region: '510100',
        person: desk.holder('C1').id,
        month: '2026-03',
        day: desk.day,
      }
      await desk.ask({
        says: 'the monthly credit reaches the personal account',
        path: '/v1/movements',
        body: {
          ...common,
          kind: 'credit',
          scheme: 'employee',
          reference: 'RUN-2026-03-C1',
          total: '60.00',
          funds: [{ fund: 'pool', amount: '60.00' }],
        },
        expect: { status: 201, state: 'booked' },
      })
      await desk.ask({
        says: 'an exam fee is paid out to the account of the card',
        path: '/v1/movements',
        body: {
          ...common,
          person: desk.holder('U1').id,
          kind: 'benefit',
          scheme: 'unemployment',
          benefit: 'examFee',
          reference: 'EXAM-2026-03-1008',
          total: '50.00',
          funds: [{ fund: 'unemployment', amount: '50.00' }],
        },
        expect: { status: 201, state: 'booked' },
      })
    },
  },
  {
    row: 'F6',
    zh: '金融支付',
    en: 'financial payment',
    async play(desk) {
      const { citizenNumber } = desk.holder('E1')
      const told = await desk.bill(
        'a bill whose cash part is open',
        { type: 'citizen-number', number: citizenNumber },
        'settled',
        { lines: [{ ...line, id: 'F6' }], useAccount: false },
      )
      const path = `/v1/settlements/${String(told.body['id'])}/collection`
      await desk.ask({
        says: 'the bank account of the card pays it',
        path,
        body: { institution: 'H51010000001' },
        expect: { status: 201, state: 'collected' },
      })
      await desk.ask({
        says: 'and not twice',
        path,
        body: { institution: 'H51010000001' },
        expect: { code: 'nothing-to-collect' },
      })
    },
  },
]
