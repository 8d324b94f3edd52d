import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { ConfigError, configTable, readConfig } from '../adapters/config.ts'

const database = { DATABASE_URL: 'postgres://jiesuan:secret@db.example/jiesuan' }

describe('the environment', () => {
  test('an empty environment is a sandbox on loopback', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      databaseUrl: undefined,
      migrateDatabaseUrl: undefined,
      dataDirectory: '.data',
      dataKeyFile: undefined,
      keyStoreFile: undefined,
      keyStoreSecretFile: undefined,
      cardRootsFile: undefined,
      auditShare: 0.05,
      sealKeyFile: undefined,
      cardRevokedFile: undefined,
      rulesDirectory: 'rules',
      workers: 1,
      logLevel: 'info',
      mode: 'sandbox',
      regions: ['510100', '510700'],
      regionDirectory: undefined,
      nationalClientsFile: undefined,
      clock: undefined,
    })
  })

  test('a database of its own makes it production, unless it is said to be a sandbox', () => {
    expect(readConfig(database).mode).toBe('production')
    expect(readConfig({ ...database, MODE: 'sandbox' }).mode).toBe('sandbox')
  })

  test('production serves with a process for each core, a sandbox with one, and either with what it is told', () => {
    expect(readConfig(database).workers).toBe(Math.min(64, availableParallelism()))
    // A database on this machine needs some of its cores.
    const beside = Math.min(64, Math.max(1, Math.floor(availableParallelism() * 0.6)))
    for (const host of ['127.0.0.1', 'localhost:5432', '[::1]:5432', ''])
      for (const user of ['', 'jiesuan:secret@'])
        expect(readConfig({ DATABASE_URL: `postgres://${user}${host}/jiesuan` }).workers).toBe(
          beside,
        )
    expect(readConfig({ DATABASE_URL: 'postgres://localhost@db.example/jiesuan' }).workers).toBe(
      readConfig(database).workers,
    )
    expect(readConfig({ ...database, MODE: 'sandbox' }).workers).toBe(1)
    expect(readConfig({ WORKERS: '3' }).workers).toBe(3)
    expect(readConfig({ ...database, WORKERS: '1' }).workers).toBe(1)
  })

  test('migrations go to DATABASE_URL unless they have an address of their own', () => {
    expect(readConfig(database).migrateDatabaseUrl).toBe(database.DATABASE_URL)
    const MIGRATE_DATABASE_URL = 'postgresql://owner@db.example/jiesuan'
    expect(readConfig({ ...database, MIGRATE_DATABASE_URL }).migrateDatabaseUrl).toBe(
      MIGRATE_DATABASE_URL,
    )
  })

  test('an empty value counts as not given', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ' })).toEqual(readConfig({}))
  })

  test('the clock has a start and a rate', () => {
    const start_ms = Date.parse('2026-03-02T01:00:00Z')
    expect(readConfig({ CLOCK: '2026-03-02T09:00:00+08:00' }).clock).toEqual({ start_ms, rate: 1 })
    expect(readConfig({ CLOCK: '2026-03-02T09:00:00+08:00@60' }).clock).toEqual({
      start_ms,
      rate: 60,
    })
  })

  test.each([
    [{ PORT: 'http' }, 'PORT is "http", but must be a number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT is "65536", but must be a number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT is "-1"'],
    [{ HOST: 'a b' }, 'HOST is "a b"'],
    [{ MODE: 'prod' }, 'MODE is "prod", but must be sandbox or production.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"'],
    [{ WORKERS: '0' }, 'WORKERS is "0", but must be a number from 1 to 64.'],
    [{ WORKERS: '65' }, 'WORKERS is "65"'],
    [{ REGIONS: '5101' }, 'REGIONS is "5101"'],
    [{ REGIONS: '510100, 510700' }, 'REGIONS is'],
    [{ REGIONS: '510100,510100' }, 'REGIONS names a division twice'],
    [{ CLOCK: '2026-03-02' }, 'CLOCK is "2026-03-02"'],
    [{ CLOCK: '2026-13-02T09:00:00+08:00' }, 'CLOCK is'],
    [{ CLOCK: '2026-03-02T09:00:00+08:00@0' }, 'CLOCK is'],
    [{ MODE: 'production' }, 'MODE=production needs DATABASE_URL'],
    [{ ...database, CLOCK: '2026-03-02T09:00:00+08:00' }, 'CLOCK is for the sandbox only'],
  ])('%j stops the start and says what to change', (env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(message)
  })

  test('a wrong address of a database is refused without repeating its password', () => {
    const read = () => readConfig({ DATABASE_URL: 'mysql://root:hunter2@db/jiesuan' })
    expect(read).toThrow('DATABASE_URL is a value that is not a URL we know')
    expect(read).not.toThrow('hunter2')
  })

  test('the table for readers names every variable of the contract', () => {
    const names = [...configTable().matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
    expect(names.toSorted()).toEqual(
      [
        'AUDIT_SHARE',
        'SEAL_KEY_FILE',
        'CALLERS_FILE',
        'CARD_REVOKED_FILE',
        'CARD_ROOTS_FILE',
        'CLOCK',
        'DATABASE_URL',
        'DATA_DIR',
        'DATA_KEY_FILE',
        'HOST',
        'KEY_STORE_FILE',
        'KEY_STORE_SECRET_FILE',
        'LOG_LEVEL',
        'MIGRATE_DATABASE_URL',
        'MODE',
        'NATIONAL_CLIENTS_FILE',
        'PORT',
        'REGIONS',
        'REGION_DIRECTORY',
        'RULES_DIR',
        'WORKERS',
      ].toSorted(),
    )
  })
})
