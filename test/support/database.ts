import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { run, withDatabase } from './server.ts'

export interface TestDatabase {
  readonly name: string
  /** The owner role, which may do anything. */
  readonly ownerUrl: string
  /** The application's role, as the engine connects. */
  readonly appUrl: string
  drop(): Promise<void>
}

/** A fresh, migrated database; drop it in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { ownerUrl, appUrl, template } = inject('server')
  return create(ownerUrl, appUrl, ` template ${template}`)
}

/** A database without our tables, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const { ownerUrl, appUrl } = inject('server')
  return create(ownerUrl, appUrl, '')
}

async function create(ownerUrl: string, appUrl: string, from: string): Promise<TestDatabase> {
  const name = `jiesuan_test_${randomBytes(6).toString('hex')}`
  // PostgreSQL does not copy a database that somebody is connected to, the template included.
  const maintenance = withDatabase(ownerUrl, 'postgres')
  await run(maintenance, `create database ${name}${from}`)
  return {
    name,
    ownerUrl: withDatabase(ownerUrl, name),
    appUrl: withDatabase(appUrl, name),
    drop: () => run(maintenance, `drop database if exists ${name} with (force)`),
  }
}
