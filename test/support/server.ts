import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrateJobs } from '../../adapters/jobs/schema.ts'
import { startEmbedded } from '../../adapters/postgres/embedded.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { APP_ROLE, setAppPassword, withUser } from '../../adapters/postgres/roles.ts'

export interface TestServer {
  readonly ownerUrl: string
  readonly appUrl: string
  readonly template: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: TestServer
  }
}

const APP_PASSWORD = 'only-for-tests'

/** One server for the whole run, with a migrated template from which each test file gets its own database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['DATABASE_URL_TEST']
  const server = external ? undefined : await startOwn()
  const baseUrl = external ?? server?.url ?? ''
  const template = `jiesuan_template_${process.pid}`
  await run(baseUrl, `create database ${template}`)
  const ownerUrl = withDatabase(baseUrl, template)
  await setAppPassword(baseUrl, APP_PASSWORD)
  if (existsSync('migrations')) await migrate({ url: ownerUrl, dir: 'migrations', log: () => {} })
  await migrateJobs(ownerUrl, APP_ROLE)
  const appUrl = withUser(ownerUrl, APP_ROLE, APP_PASSWORD)
  project.provide('server', { ownerUrl, appUrl, template })
  return async () => {
    await run(baseUrl, `drop database if exists ${template} with (force)`)
    await server?.end()
  }
}

async function startOwn(): Promise<{ url: string; end(): Promise<void> }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-test-'))
  const server = await startEmbedded({ dataDir, log: () => {} })
  const end = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url: server.url, end }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** Runs one statement on a connection of its own, as creating and dropping databases needs. */
export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
