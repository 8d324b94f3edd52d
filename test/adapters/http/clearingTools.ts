import { expect } from 'vitest'
import { openServed as openWhole } from '../nhsa/served.ts'

/** The last hours of a year, which are eighteen seconds of ours: time to settle a few bills on a busy machine. */
export const openServed = async () => openWhole({ CLOCK: '2026-12-31T22:00:00+08:00@400' })

/** So long a test may wait for the year to end. */
export const yearEnds_ms = 90_000
type Served = Awaited<ReturnType<typeof openServed>>

export const [hospital, mianyang] = ['H51010000001', 'H51070000001'] as const
export const [e1, y1] = ['510199198603120110', '510799197008080319'] as const
export const chengdu = { region: '510100', operator: 'op1' }
export const second = { region: '510100', operator: 'op2' }

export const code = ({ json }: { readonly json: Record<string, unknown> }) => json['code']

/** What both files do with a server. */
export const toolsOf = (served: () => Served) => ({
  settle: async (citizen: string, institution: string, yuan: string): Promise<void> => {
    const lines = [
      { id: 'L1', item: 'XC08CAA101A001010100002', quantity: '1', unitPrice: yuan, amount: yuan },
    ]
    const told = await served().post('/v1/settlements', {
      institution,
      day: '2026-12-31',
      credential: { type: 'citizen-number', number: citizen },
      care: 'outpatient',
      useAccount: true,
      total: yuan,
      lines,
    })
    expect(told.json).toMatchObject({ state: 'settled' })
  },
  balance: async (account: string) =>
    (await served().ask(`/v1/ledger/accounts/${account}`)).json['balance'],
  list: async (path: string) =>
    (await served().ask(path)).json['items'] as Record<string, string>[],
  apply: async () =>
    served().send('3203', {
      data: {
        clr_type: '11',
        clr_way: '1',
        setlym: '202612',
        begndate: '2026-12-01',
        enddate: '2026-12-31',
      },
    }),
})
