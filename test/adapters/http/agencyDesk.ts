import { openServed, type Told } from './served.ts'

/** The agency's desk as its staff use it over HTTP, on a server of its own. */
export async function openAgencyDesk(more: Readonly<Record<string, string>> = {}) {
  const served = await openServed(more)
  const { ask, post } = served
  let invoices = 0
  return {
    served,
    ask,
    post,
    /** 1,560.00 of class A in a county hospital that nobody has a contract with, as somebody of Chengdu's agency enters it. */
    paper: (other: object = {}) => ({
      region,
      by: '录入甲',
      person: personOf('1001'),
      reason: 'outside-network',
      institution: { name: '演示县人民医院', level: 'secondary', division: region },
      invoices: [{ issuer: '51060123', number: `00${++invoices}` }],
      day: '2026-03-02',
      care: 'outpatient',
      total: '1560.00',
      lines: [drugs('100', '1560.00')],
      ...other,
    }),
    enter: (body: object, key?: string): Promise<Told> => post('/v1/reimbursements', body, key),
    act: (id: string, step: string, by: string, other: object = {}, key?: string): Promise<Told> =>
      post(`/v1/${id}/${step}`, { region, by, ...other }, key),
    balanceOf: async (account: string): Promise<unknown> =>
      (await ask(`/v1/ledger/accounts/${encodeURIComponent(account)}`)).json['balance'] ?? '0.00',
  }
}

export const region = '510100'
export const personOf = (number: string, at = region): string => `${at}00000000000000${number}`
export const idOf = ({ json }: Told): string => String(json['id'])
/** The path of a case below /v1. */
export const at = (told: Told, kind = 'reimbursements'): string => `${kind}/${idOf(told)}`

export const drugs = (quantity: string, amount: string) => ({
  id: 'L1',
  item: 'XJ01CAA040A001010100010',
  quantity,
  unitPrice: '15.60',
  amount,
})
