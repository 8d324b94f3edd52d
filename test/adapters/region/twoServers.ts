// Two whole servers with databases of their own and a signed line between them: Chengdu with Shanghai, and Guangzhou with
// three regions more. Neither has the rules of what only the other insures.
import { withCheckDigit } from '../../support/citizenNumber.ts'
import { freePort } from '../../support/freePort.ts'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpening } from '../../../adapters/postgres/opening.ts'
import { createQueries } from '../../../adapters/postgres/queries.ts'
import { createRegister } from '../../../adapters/postgres/register.ts'
import type { Claim, Division, Scheme } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import { agreementKinds } from '../../../engine/institution.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Group, Person } from '../../../engine/person.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Row } from '../../../engine/ports.ts'
import { openServed, type Served } from '../nhsa/served.ts'
import { crypto, ids, settleAsk, start_ms } from '../postgres/support.ts'

/** One of the two, with what a test looks into. */
export interface Place extends Served {
  readonly served: readonly Division[]
  readonly registry: ReturnType<typeof createRegister>
  readonly queries: ReturnType<typeof createQueries>
  readonly opening: ReturnType<typeof createOpening>
}

/** What Chengdu's own catalogue says of a drug that the sample catalogue limits to 18.50. */
export const limited = { item: 'XC09AAD099A001010100001', here: '10.00' }

const ownCatalogue = `regions: ['510100']
sources:
  own: {title: 'an own price limit, for tests', grade: illustrative, confirmed: 2026-11-23}
items:
  - code: '${limited.item}'
    name: 示例依那普利片
    class: 甲
    limits: {community: '${limited.here}', primary: '${limited.here}', secondary: '${limited.here}', tertiary: '${limited.here}', none: '${limited.here}'}
    funds: [medical]
    from: 2023-01-01
    source: own
`

/** Employees of Hanzhong as no city has them: each outpatient visit has a deductible of its own. */
const byVisit = `region: '610700'
scheme: employee
period: {from: 2023-01-01, until: 2026-12-31}
sources:
  own: {title: 'a deductible per visit, for tests', grade: illustrative, confirmed: 2026-11-23}
defaults:
  scope: {catalogue: medical, firstSelfPay: apply, priceLimit: apply}
  account: {own: [], family: [], relations: [], order: own-first, source: own}
rules:
  - id: outpatient
    care: outpatient
    careGroup: outpatient
    source: own
    layers:
      - id: pool
        name: {zh: 统筹基金（门诊）, en: Outpatient pool}
        payer: pool
        deductible: {mode: visit, amount: '100.00', source: own}
        pays: {rate: '0.50'}
        feeds: [pool]
        source: own
`

const strangers = {
  '440100': ['广州市', '440000', "'440100', '440199'"],
  '510700': ['绵阳市', '510000', "'510700', '510799'"],
  '610700': ['汉中市', '610000', "'610700', '610799'"],
  '150900': ['乌兰察布市', '150000', "'150900', '150999'"],
  '510100': ['成都市', '510000', "'510100', '510199'"],
  '310100': ['上海市', '310000', "'310100', '310199'"],
} as const

const partner = (division: keyof typeof strangers, port: number): string => {
  const [name, province, divisions] = strangers[division]
  return `  - {division: '${division}', name: ${name}, province: '${province}', divisions: [${divisions}], url: 'http://127.0.0.1:${port}', keys: sandbox, together: 32}\n`
}

export async function openTwo() {
  const folder = mkdtempSync(join(tmpdir(), 'jiesuan-two-'))
  const [here, there] = [await freePort(), await freePort()]
  const open = async (
    name: string,
    port: number,
    served: readonly (keyof typeof strangers)[],
    reached: readonly string[],
    without: readonly string[],
  ): Promise<Place> => {
    const rules = join(folder, `${name}-rules`)
    cpSync('rules', rules, { recursive: true })
    for (const region of without) rmSync(join(rules, region), { recursive: true })
    if (name === 'chengdu') writeFileSync(join(rules, 'catalogue', 'own.yaml'), ownCatalogue)
    else writeFileSync(join(rules, '610700-hanzhong', 'employee.yaml'), byVisit)
    const directory = join(folder, `${name}.yaml`)
    writeFileSync(directory, `regions:\n${reached.join('')}`)
    const place = await openServed({
      PORT: String(port),
      REGIONS: served.join(','),
      RULES_DIR: rules,
      REGION_DIRECTORY: directory,
    })
    const { owner: pool } = place
    const now = () => start_ms
    return {
      ...place,
      served,
      registry: createRegister({ pool, crypto, now }),
      queries: createQueries({ pool, crypto }),
      opening: createOpening({ pool, crypto, ids, now }),
    }
  }
  const theirs = ['440100', '510700', '610700', '150900'] as const
  const ours = ['510100', '310100'] as const
  const chengdu = await open(
    'chengdu',
    here,
    ours,
    theirs.map((one) => partner(one, there)),
    ['440100-guangzhou', '610700-hanzhong', '150900-ulanqab', '510700-mianyang'],
  )
  const guangzhou = await open(
    'guangzhou',
    there,
    theirs,
    ours.map((one) => partner(one, here)),
    ['310100-shanghai', '510100-chengdu'],
  )
  const close = async (): Promise<void> => {
    await chengdu.close()
    await guangzhou.close()
    rmSync(folder, { recursive: true })
  }
  return { chengdu, guangzhou, close }
}

export type Two = Awaited<ReturnType<typeof openTwo>>

/** A hospital that is designated for everything. */
export const hospitalIn = (division: Division): string => `H${division}00093`

export const enterHospital = async ({ registry }: Place, division: Division): Promise<void> =>
  registry.putInstitution({
    code: hospitalIn(division),
    name: '演示医院',
    type: 'hospital',
    level: 'tertiary',
    division,
    cardEvidence: 'reader-trusted',
    agreements: agreementKinds.map((kind) => ({ kind, from: parseDay('2020-01-01') })),
  })

export interface Insured {
  readonly id: string
  readonly number: string
  readonly region: Division
  readonly person: Person
}

let people = 0

export interface InsuredWords extends Partial<Person> {
  readonly scheme?: Scheme
  readonly group?: Group
  readonly balance?: bigint
}

/** Insures somebody who never was, since such divisions are assigned to nobody. */
export async function insure(
  { registry, opening }: Place,
  region: Division,
  { scheme = 'employee', group = 'working', balance = 0n, ...more }: InsuredWords = {},
): Promise<Insured> {
  const serial = String(++people).padStart(3, '0')
  const number = withCheckDigit(`${region.slice(0, 4)}9919800101${serial}`)
  const id = `${region}0000000000000${serial}`
  const from = parseDay('2020-01-01')
  const person: Person = {
    id,
    birth: parseDay('1980-01-01'),
    sex: 'female',
    coverages: [{ scheme, region, group, from }],
    civilServant: false,
    identities: [],
    benefits: [],
    diseases: [],
    filings: [],
    injuries: [],
    maternity: [],
    familyShares: [],
    ...more,
  }
  await registry.putPerson({ person, name: '演示', citizenNumber: number, region })
  await registry.putCredential({ type: 'citizen-number', number }, id, undefined)
  if (balance > 0n) await opening.open([{ owner: id, region, amount: balance as Fen }])
  return { id, number, region, person }
}

export const filed = (
  kind: Person['filings'][number]['kind'],
  careRegion: Division,
): Pick<Person, 'filings'> => ({
  filings: [{ kind, careRegion, from: parseDay('2026-01-01') }],
})

const drug = 'XC08CAA101A001010100002'
let bills = 0

/** A line in whole yuan a piece: of a drug of class A without a limit, unless it says otherwise. */
export const line = (yuan: number, more: { item?: string; pieces?: number } = {}) => ({
  id: `L${++bills}`,
  item: more.item ?? drug,
  quantity: (BigInt(more.pieces ?? 1) * 10_000n) as never,
  unitPrice: (BigInt(yuan) * 1_000_000n) as never,
  amount: (BigInt(yuan) * 100n * BigInt(more.pieces ?? 1)) as Fen,
})

/** A bill of somebody insured elsewhere, as a claim that is whole in itself: 10,000.00 of a stay, unless it says otherwise. */
export function billOf(
  who: Insured,
  institution: string,
  { lines = [line(10_000)], ...more }: Partial<Claim> = {},
): Claim {
  const day = more.day ?? parseDay('2026-03-02')
  const care = more.care ?? 'inpatient'
  return {
    institution,
    day,
    credential: { type: 'citizen-number', number: who.number },
    insuredIn: who.region,
    care,
    visit: `V${++bills}`,
    useAccount: false,
    useFamilyAccount: false,
    emergency: false,
    total: lines.reduce((all, { amount }) => (all + amount) as Fen, 0n as Fen),
    lines,
    ...(care === 'inpatient' && {
      stay: { admission: parseDay('2026-02-20'), discharge: day, interim: false },
    }),
    ...more,
  }
}

export const ask = (claim: Claim, key = `K${++bills}`) => settleAsk(key, claim)

export function rowOf(outcome: Outcome): Row {
  if (outcome.kind === 'settled') return outcome.row
  throw new Error(
    `not settled: ${outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind}`,
  )
}

/** The home region's half of what was settled under a reference. */
export async function halfAtHome({ owner, queries }: Place, reference: string): Promise<Row> {
  const { rows } = await owner.query(
    `select settlement_id from settlement where reference = $1 and side = 'home' limit 1`,
    [reference],
  )
  const chain = rows[0] && (await queries.chain(rows[0].settlement_id))
  if (!chain?.[0]) throw new Error(`nothing is known at home of ${reference}`)
  return chain[0]
}

/** What stands under ledger accounts whose names begin so: debits less credits, in fen. */
export async function balance({ owner }: Place, prefix: string): Promise<bigint> {
  const { rows } = await owner.query(
    `select coalesce(sum(debit_fen - credit_fen), 0)::bigint as fen from entry where starts_with(account, $1)`,
    [prefix],
  )
  return BigInt(rows[0].fen)
}

/** Throws where the books of one are not sound, or where they do not mirror each other to the fen. */
export async function mustAgree({ chengdu, guangzhou }: Two): Promise<void> {
  const wrong: unknown[] = [...(await chengdu.violations()), ...(await guangzhou.violations())]
  for (const [home, care] of [
    [chengdu, guangzhou],
    [guangzhou, chengdu],
  ] as const)
    for (const insuring of home.served)
      for (const treating of care.served) {
        const owed = await balance(home, `due-to:${insuring}:${treating}:`)
        const due = await balance(care, `due-from:${treating}:${insuring}:`)
        if (owed + due !== 0n) wrong.push({ insuring, treating, owed: `${owed}`, due: `${due}` })
      }
  if (wrong.length > 0) throw new Error(`the books differ: ${JSON.stringify(wrong)}`)
}
