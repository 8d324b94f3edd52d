import os from 'node:os'

/** What money needs of the server, what personal data forbids it to write down, and what claims would wait for. */
export const serverSettings = (prewarms: boolean): Readonly<Record<string, string>> => ({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // Where indexes no longer fit, each claim writes out pages of others and reads its own again: its slowest hundredth waits twice as long.
  shared_buffers: `${Math.max(128, Math.floor(ownMemory() / 8 / 2 ** 20))}MB`,
  // What was in memory is read in again after a restart: with millions stored a claim read eight pages from the disk until it was.
  ...(prewarms && { shared_preload_libraries: 'pg_prewarm' }),
  // What has to be written out is written before a claim needs its place.
  bgwriter_lru_maxpages: '1000',
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  // A segment of the log that was used once is used again. A new one is filled with zeros first, for which whoever commits waits some 30 ms.
  min_wal_size: '1GB',
  // Whatever is written to for the first time after a checkpoint goes to the log as a whole page, which fills the log and so brings on the
  // next checkpoint: with half of this a settlement took five times as much of the log once three million were stored.
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  password_encryption: 'scram-sha-256',
  deadlock_timeout: '1s',
  log_lock_waits: 'on',
  log_min_duration_statement: '500ms',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
})

/** Bytes of memory that this machine, or the container around us, may use. */
export function ownMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem()
}
