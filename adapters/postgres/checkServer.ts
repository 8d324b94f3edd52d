import type { ClientBase } from 'pg'

const OLDEST = 15

/** Refuses a server that is too old, or that would lose money when the power goes. */
export async function checkServer(
  client: Pick<ClientBase, 'query'>,
  { sandbox }: { sandbox: boolean },
): Promise<void> {
  const { rows } = await client.query<{ version: string; fsync: string; commit: string }>(
    `select current_setting('server_version') as version,
            current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commit`,
  )
  const found = rows[0]
  if (!found || Number.parseInt(found.version) < OLDEST) {
    throw new Error(
      `This PostgreSQL is ${found?.version}; jiesuan needs PostgreSQL ${OLDEST} or newer.`,
    )
  }
  if (sandbox) return
  for (const [name, value] of [
    ['fsync', found.fsync],
    ['synchronous_commit', found.commit],
  ]) {
    if (value === 'off') {
      throw new Error(
        `${name} is off on this PostgreSQL; set it to on, or settled money can be lost.`,
      )
    }
  }
}
