import pg from 'pg'

/** What the ids of the city's people begin with. */
export const prefix = '510100C'

/** People like the one of the example, each with a card and more in their account than any run spends. */
export async function fillPeople(url: string, people: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const one = `(select * from person where owner_id = '510100000000000000001001') p`
  const all = `generate_series(1, ${people}) n`
  const id = `'${prefix}' || lpad(n::text, 17, '0')`
  const posting = `lpad(n::text, 30, '0')`
  try {
    await client.query(`
      insert into person select ${id}, 1, p.region, p.document, p.identity, p.key_version, p.recorded_at from ${one}, ${all};
      insert into person_version select * from person where owner_id like '${prefix}%';
      insert into account_version select ${id}, 'personal:' || ${id}, 1, 100000000, ${posting} from ${all};
      insert into transfer select ${id}, ${posting}, 1, 'opening', 'opening:510100', 'personal:' || ${id}, 100000000 from ${all};
      insert into unjournaled select ${id}, ${posting}, array[${id}] from ${all};
    `)
  } finally {
    await client.end()
  }
}
