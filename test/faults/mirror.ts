import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'

/** One region's books and how to reach them. */
interface Bookkeeper {
  readonly region: string
  readonly ownerUrl: string
}

/** What one region owes the other by its own books, by scheme and month: accounts begin alike on both sides. */
const dues = `
  select substring(account from length($1) + 1) as period, sum(credit_fen - debit_fen)::text as fen
  from entry where starts_with(account, $1) group by 1 having sum(credit_fen - debit_fen) <> 0 order by 1`

/** Settlements in force between a care and a home region, as the half of one side tells of them. */
const inForce = `
  select reference, total_fen::text as total, fund_total_fen::text as fund, account_fen::text as account,
         cash_fen::text as cash, share_funds, share_fen::text[], owner_id, institution, scheme, treated_on::text
  from (select distinct on (reference) * from settlement
        where side = $1 and care_region = $2 and home_region = $3 order by reference, sequence desc) s
  where sequence % 2 = 1 order by reference`

type Row = Readonly<Record<string, unknown>>

/** Everything that two regions do not say alike of each other, in sentences: money due, and settlements one by one. */
export async function differencesBetween(one: Bookkeeper, other: Bookkeeper): Promise<string[]> {
  return [...(await differencesOf(one, other)), ...(await differencesOf(other, one))]
}

async function differencesOf(care: Bookkeeper, home: Bookkeeper): Promise<string[]> {
  const pair = [care.region, home.region]
  const [owed, lent, asked, done] = await Promise.all([
    rowsOf(home, dues, [`due-to:${home.region}:${care.region}:`]),
    rowsOf(care, dues, [`due-from:${care.region}:${home.region}:`]),
    rowsOf(care, inForce, ['care', ...pair]),
    rowsOf(home, inForce, ['home', ...pair]),
  ])
  const mirrored = lent.map(({ period, fen }) => ({ period, fen: String(-BigInt(String(fen))) }))
  const money = isDeepStrictEqual(owed, mirrored)
    ? []
    : [
        `${home.region} owes ${JSON.stringify(owed)}, ${care.region} has due ${JSON.stringify(mirrored)}`,
      ]
  return [...money, ...unlike(asked, done, pair)]
}

function unlike(
  asked: readonly Row[],
  done: readonly Row[],
  [care, home]: readonly string[],
): string[] {
  const there = new Map(done.map((row) => [row['reference'], row]))
  const found = asked.flatMap((row) => {
    const other = there.get(row['reference'])
    there.delete(row['reference'])
    return isDeepStrictEqual(row, other)
      ? []
      : [`${care} has ${JSON.stringify(row)}, ${home} has ${JSON.stringify(other)}`]
  })
  return [
    ...found,
    ...[...there.keys()].map((name) => `${String(name)} stands in ${home} and not in ${care}`),
  ]
}

async function rowsOf({ ownerUrl }: Bookkeeper, sql: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}
