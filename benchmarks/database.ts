import pg from 'pg'

/** The address of another database of the same server. */
export function beside(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** Makes a database anew, empty or as a copy of another one that nobody is connected to. */
export async function freshDatabase(
  url: string,
  database: string,
  template = 'template1',
): Promise<string> {
  await dropDatabase(url, database)
  await run(url, `create database ${database} template ${template}`)
  return beside(url, database)
}

export const dropDatabase = async (url: string, database: string): Promise<void> =>
  run(url, `drop database if exists ${database} with (force)`)

/** Runs SQL on a connection of its own, as making databases needs. */
export async function run(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql))
}

export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
