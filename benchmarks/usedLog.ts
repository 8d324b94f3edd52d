import { withClient } from './database.ts'

/** As many as are filled until the next checkpoint begins. */
const segments = 128

/**
 * Makes the log of a server like that of one which has run for a while: its segments were used before, and the next ones are there.
 * For each that is not there yet whoever commits waits until 16 MB of zeros are on the disk, which no server knows after its first hour.
 */
export const useLog = async (ownerUrl: string): Promise<void> =>
  withClient(ownerUrl, async (client) => {
    for (let i = 0; i < segments; i++) {
      await client.query(`select pg_logical_emit_message(false, 'bench', 'one')`)
      await client.query('select pg_switch_wal()')
    }
    await client.query('checkpoint')
  })
