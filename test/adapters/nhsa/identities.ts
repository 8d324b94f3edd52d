type Fields = Readonly<Record<string, unknown>>

const funds = [
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'maf_pay',
  'hifdm_pay',
  'oth_pay',
]

/** Fen of an amount as it was sent; a JSON number with at most two decimals. */
export function fenOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number') throw new Error(`${name} is no number: ${String(value)}`)
  const fen = Math.round(value * 100)
  if (Math.abs(value * 100 - fen) > 1e-6)
    throw new Error(`${name} has fractions of a fen: ${value}`)
  return fen
}

/** What does not hold of identities I1 to I5 and I7 in an answer; empty where all hold. */
export function brokenIdentities(
  setlinfo: Fields,
  setldetail: readonly Fields[] = [],
  before?: number,
): string[] {
  const broken: string[] = []
  const fen = (name: string): number => fenOf(setlinfo, name)
  const sum = (names: readonly string[]): number => names.reduce((all, name) => all + fen(name), 0)
  const equal = (identity: string, a: number, b: number): void => {
    if (a !== b) broken.push(`${identity}: ${a} is not ${b}`)
  }
  const scope = ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt']
  equal('I1', fen('medfee_sumamt'), sum(scope))
  equal('I2', fen('fund_pay_sumamt'), sum(funds))
  equal('I3', fen('psn_part_amt'), sum(['acct_pay', 'psn_cash_pay']))
  equal('I4', fen('medfee_sumamt'), sum(['fund_pay_sumamt', 'psn_part_amt', 'hosp_part_amt']))
  if (setldetail.length > 0 || fen('medfee_sumamt') > 0) {
    const payers = setldetail.reduce((all, row) => all + fenOf(row, 'fund_payamt'), 0)
    equal('I5', payers, sum(['fund_pay_sumamt', 'acct_pay', 'hosp_part_amt']))
  }
  if (before !== undefined)
    equal('I7', fen('balc'), before - fen('acct_pay') + fen('acct_mulaid_pay'))
  const ratio = setlinfo['pool_prop_selfpay'] as number
  if (!(ratio >= 0 && ratio <= 1)) broken.push(`pool_prop_selfpay ${ratio}`)
  if (fen('act_pay_dedc') > fen('inscp_scp_amt')) broken.push('act_pay_dedc')
  return broken
}

/** What does not hold of one line's split (I1 of a line). */
export function brokenLine(line: Fields): string[] {
  const parts = ['fulamt_ownpay_amt', 'overlmt_amt', 'preselfpay_amt', 'inscp_scp_amt']
  const total = parts.reduce((all, name) => all + fenOf(line, name), 0)
  return total === fenOf(line, 'det_item_fee_sumamt') ? [] : [String(line['feedetl_sn'])]
}
