import type { SandboxWorld } from '../sandbox/world.ts'
import { type CardDay, playRows } from './cardDay.ts'
import { type Answer, type BrochureRow, CardDayDesk } from './cardDayDesk.ts'

const region = '510100'
const idOf = ({ body }: Answer): string => String(body['id'])

/** A paper bill of a county hospital that has no contract with anybody here. */
const paperOf = (person: string, day: string, number: string) => ({
  region,
  by: '录入甲',
  person,
  reason: 'outside-network',
  institution: { name: '演示县人民医院', level: 'secondary', division: region },
  invoices: [{ issuer: '51060123', number }],
  day,
  care: 'emergency',
  emergency: true,
  total: '468.00',
  lines: [
    {
      id: 'P1',
      item: 'XJ01CAA040A001010100010',
      quantity: '30',
      unitPrice: '15.60',
      amount: '468.00',
    },
  ],
})

/** What the agency's desk does by two people (经办业务). */
export const agencyRows: readonly BrochureRow[] = [
  {
    row: 'A1',
    zh: '手工报销',
    en: 'manual reimbursement',
    async play(desk) {
      const { id } = desk.holder('E1')
      const entered = await desk.ask({
        says: 'a paper bill of a hospital out of the network is entered',
        path: '/v1/reimbursements',
        body: paperOf(id, desk.day, '0000001'),
        expect: { status: 201, state: 'entered' },
      })
      const path = `/v1/reimbursements/${idOf(entered)}`
      await desk.ask({
        says: 'whoever entered it does not review it',
        path: `${path}/review`,
        body: { region, by: '录入甲' },
        expect: { code: 'second-person-needed' },
      })
      const settled = await desk.ask({
        says: 'a second person reviews it: settled by the rules of the home region',
        path: `${path}/review`,
        body: { region, by: '初审乙' },
        expect: { status: 201, state: 'settled' },
      })
      await desk.ask({
        says: 'the bank account of the card gets what the funds pay',
        path: `${path}/payment`,
        body: { region, by: '出纳丙' },
        expect: { status: 201, state: 'paid', amount: settled.body['due'] },
      })
      await desk.ask({
        says: 'the same invoice again',
        path: '/v1/reimbursements',
        body: paperOf(id, desk.day, '0000001'),
        expect: { code: 'invoice-already-used' },
      })
    },
  },
  {
    row: 'A2',
    zh: '补充结算',
    en: 'supplementary settlement',
    async play(desk) {
      const { citizenNumber } = desk.holder('W1')
      const direct = await desk.bill(
        'hurt at work, settled as an illness before it was certified',
        { type: 'citizen-number', number: citizenNumber },
        'settled',
        { useAccount: false },
      )
      const { lines } = direct.body as { lines: { id: string }[] }
      const entered = await desk.ask({
        says: 'certified meanwhile: the work-injury fund is to pay',
        path: `/v1/settlements/${idOf(direct)}/resettlement`,
        body: {
          region,
          by: '录入甲',
          cause: 'certification-late',
          scheme: 'workInjury',
          care: 'workInjury',
          injury: { certification: 'WI-2026-0001', diagnoses: ['S52.500'] },
          lines: [
            {
              id: lines[0]?.id,
              item: '001101000010000',
              quantity: '1',
              unitPrice: '12.00',
              amount: '12.00',
            },
          ],
        },
        expect: { status: 201, state: 'entered', due: '12.00' },
      })
      await desk.ask({
        says: 'reviewed: cancelled and settled anew, the hospital keeps what it was told',
        path: `/v1/resettlements/${idOf(entered)}/review`,
        body: { region, by: '初审乙' },
        expect: { status: 201, state: 'settled', due: '12.00' },
      })
    },
  },
  {
    row: 'A3',
    zh: '追回',
    en: 'recovery',
    async play(desk) {
      const { card } = desk.holder('Y1')
      const credential = { type: 'card', number: card.number, cardSn: card.serial }
      const line = {
        id: 'A3',
        item: 'XJ01CAA040A001010100010',
        quantity: '60',
        unitPrice: '15.60',
        amount: '936.00',
      }
      const direct = await desk.bill(
        'a bill whose hospital charged too much',
        credential,
        'settled',
        {
          lines: [line],
          total: '936.00',
        },
      )
      const mianyang = { region: '510700' }
      const entered = await desk.ask({
        says: 'the agency of the home region wants 50.00 of it back',
        path: '/v1/recoveries',
        body: {
          ...mianyang,
          by: '录入甲',
          settlement: idOf(direct),
          debtor: { kind: 'institution' },
          amount: '50.00',
          reason: 'institution-violation',
        },
        expect: { status: 201, state: 'entered' },
      })
      const path = `/v1/recoveries/${idOf(entered)}`
      await desk.ask({
        says: 'reviewed: a receivable from now on',
        path: `${path}/review`,
        body: { ...mianyang, by: '初审乙' },
        expect: { status: 201, state: 'open', left: '50.00' },
      })
      await desk.ask({
        says: 'all of it came back',
        path: `${path}/repayment`,
        body: { ...mianyang, by: '会计丁', amount: '50.00', reference: 'BANK-0001' },
        expect: { status: 201, state: 'closed', left: '0.00' },
      })
    },
  },
]

/** Plays a day at the agency's desk against a running server. */
export const playAgencyDay = (
  url: string,
  world: SandboxWorld,
  say: (text: string) => void,
): Promise<CardDay> => playRows(new CardDayDesk(url, world, 'agency-day'), agencyRows, say)
