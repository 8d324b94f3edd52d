import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seals } from '../../../adapters/cli/gateway.ts'
import { serve } from '../../../adapters/cli/serve.ts'
import { readConfig } from '../../../adapters/config.ts'
import { createLog } from '../../../adapters/log.ts'
import { listClients } from '../../../adapters/nhsa/clients.ts'
import { type Dispatched, dispatcher } from '../../../adapters/nhsa/dispatch.ts'
import { one } from '../../../adapters/nhsa/field.ts'
import type { World } from '../../../adapters/nhsa/needs.ts'
import type { Parts } from '../../../adapters/nhsa/parts.ts'
import { rememberSessions, sessionSubject } from '../../../adapters/nhsa/sessions.ts'
import { readSettings } from '../../../adapters/nhsa/settingsFile.ts'
import { type Told, transaction } from '../../../adapters/nhsa/transaction.ts'
import type { Kept } from '../../../engine/dossier.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import { type Ask, Fault } from '../../../engine/ports.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { tell } from '../../../adapters/nhsa/tell.ts'
import { envelope, hospital, signed } from './envelopes.ts'

const client = {
  paasid: 'p',
  secret: 's',
  institutions: 'all',
  signIn: false,
  wrongTotals: 'warn',
} as const

const institution = {
  code: hospital,
  name: '演示',
  type: 'hospital',
  level: 'tertiary',
  division: '510100',
  cardEvidence: 'verified',
  agreements: [],
} as const

/** One request to a world whose engine does as it is told. */
async function ask(submit: (ask: Ask) => Promise<Outcome>, writes = true): Promise<Dispatched> {
  const writing = transaction({
    infno: '9990',
    name: { zh: '试', en: 'try' },
    input: { data: one({}) },
    output: {},
    writes,
    handle: async (_, call): Promise<Told> =>
      tell(
        await call.submit({ kind: 'enter', key: call.key } as Ask),
        'entered',
        call.world,
        () => ({
          output: {},
        }),
      ),
  })
  const world = {
    now: () => 0,
    submit,
    fingerprint: (text: string) => text,
    explain: () => '拒付',
    deciding: () => ({ regions: { regionOf: () => undefined } }),
    institution: async () => institution,
    dossiers: { read: async () => [], list: async () => new Map() },
  } as unknown as World
  const parts: Parts = {
    world,
    clients: listClients([client]),
    settings: readSettings('rules/national-interface.yaml'),
    transactions: new Map([
      ['9990', writing as unknown as ReturnType<typeof transaction>],
    ]) as never,
    seals,
    readJson: (text) => ({ value: JSON.parse(text) as unknown }),
    clocks: [],
    division: '510100',
    deadline_ms: 60,
    closing: () => false,
    count: () => {},
  }
  const dispatch = dispatcher(parts, rememberSessions(world.dossiers))
  const body = Buffer.from(JSON.stringify(envelope('9990', { data: { a: 1 } })))
  return dispatch(body, { client, at: 0, reference: 'R-1' })
}

const told = ({ answered, result }: Dispatched) => [
  result,
  'refused' in answered ? answered.refused : 'done',
]

describe('an outcome', () => {
  test('that comes too late is told as unknown, and nothing waits for it', async () => {
    const began = performance.now()
    const late = await ask(async () => {
      await sleep(2_000, undefined, { ref: false })
      return { kind: 'busy' }
    })
    expect(told(late)).toEqual(['unknown', expect.stringMatching(/^\[结果未知\]/)])
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  test.each<[Outcome, string, RegExp | string]>([
    [{ kind: 'entered', subject: 's', replayed: false }, 'done', 'done'],
    [{ kind: 'unknown' }, 'unknown', /^\[结果未知\]/],
    [{ kind: 'busy' }, 'busy', /^\[系统繁忙\]/],
    [{ kind: 'inProgress' }, 'inProgress', /^\[处理中\]/],
    [{ kind: 'differs', field: 'data.psn_no' }, 'refused', /data\.psn_no/],
    [{ kind: 'bug', reference: 'R-7' }, 'bug', /R-7/],
    [
      {
        kind: 'refused',
        refusal: { kind: 'refusal', code: 'visit-unknown', facts: {} },
        replayed: true,
      },
      'refused',
      '拒付',
    ],
    [{ kind: 'reversed', replayed: false }, 'refused', /msgid/],
  ])('%j is told as %s', async (outcome, result, said) => {
    const [got, text] = told(await ask(async () => outcome))
    expect([got, text]).toEqual([
      result,
      said instanceof RegExp ? expect.stringMatching(said) : said,
    ])
  })

  test.each<[unknown, string, RegExp]>([
    [new Fault('unknown', 'no reply'), 'unknown', /^\[结果未知\]/],
    [new Fault('unavailable', 'away'), 'busy', /^\[系统繁忙\]/],
    [new TypeError('x is not a function at /secret/path'), 'bug', /^系统内部错误.*R-1/],
  ])('%s thrown on the way is never more than a sentence', async (error, result, said) => {
    const dispatched = await ask(async () => {
      throw error
    })
    const [got, text] = told(dispatched)
    expect(got).toBe(result)
    expect(text).toMatch(said)
    expect(text).not.toContain('secret')
    expect(dispatched.error).toBe(result === 'bug' ? error : undefined)
  })
})

describe('sessions', () => {
  const kept = (...kinds: string[]): Kept[] =>
    kinds.map((kind, i) => ({ version: i + 1, kind, body: {}, institution: hospital, at: 0 }))

  test('that are open are remembered for a moment, and no longer', async () => {
    let [reads, now] = [0, 0]
    const dossiers = { read: async () => (reads++, kept('signed-in')) }
    const sessions = rememberSessions(dossiers, () => now)
    for (let i = 0; i < 5; i++) expect(await sessions.isOpen(hospital, 'S')).toBe(true)
    expect(reads).toBe(1)
    now = 20_000
    await sessions.isOpen(hospital, 'S')
    expect(reads).toBe(2)
  })

  test('what was read before a sign-out is not remembered after it', async () => {
    let current = kept('signed-in')
    let release = () => {}
    const dossiers = {
      read: async () => {
        const seen = current
        await new Promise<void>((resolve) => (release = resolve))
        return seen
      },
    }
    const sessions = rememberSessions(dossiers)
    const early = sessions.isOpen(hospital, 'S')
    current = kept('signed-in', 'signed-out')
    await sessions.forget()
    release()
    await early
    const after = sessions.isOpen(hospital, 'S')
    release()
    expect(await after).toBe(false)
  })

  test('that ended in one process are looked at anew in all that serve with it', async () => {
    let reads = 0
    const listeners: (() => void)[] = []
    const elsewhere = {
      tell: async () => listeners.forEach((listener) => listener()),
      hear: (listener: () => void) => void listeners.push(listener),
    }
    const dossiers = { read: async () => (reads++, kept('signed-in')) }
    const [here, there] = [0, 1].map(() => rememberSessions(dossiers, undefined, elsewhere))
    await there?.isOpen(hospital, 'S')
    await here?.forget()
    await there?.isOpen(hospital, 'S')
    expect(reads).toBe(2)
  })

  test('belong to their institution', () => {
    expect(sessionSubject(hospital, 'S')).not.toEqual(sessionSubject('H51010000002', 'S'))
  })
})

describe('two servers on one database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  test('take a nonce once, answer a msgid alike, and sign in and out for each other', async () => {
    const config = readConfig({ DATABASE_URL: database.appUrl, MODE: 'sandbox', PORT: '0' })
    const log = createLog('silent', { write: () => {} })
    const [one, two] = [await serve(config, log), await serve(config, log)]
    const send = async ({ url }: { url: string }, body: unknown, headers = signed()) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const reply = await fetch(`${url}/fsi/api/x`, init)
      // oxlint-disable-next-line typescript/no-explicit-any
      return { status: reply.status, ...((await reply.json()) as any) }
    }
    try {
      const signIn = { signIn: { opter_no: 'OP1', mac: '02-00-00-00-00-01', ip: '10.0.0.1' } }
      const body = envelope('9001', signIn)
      const headers = signed()
      const first = await send(one, body, headers)
      expect((await send(two, body, headers)).status).toBe(401)
      const second = await send(two, body)
      expect(second.output).toEqual(first.output)
      expect(second.inf_refmsgid).not.toBe(first.inf_refmsgid)
      const { sign_no } = first.output.signinoutb
      const out = { signOut: { sign_no, opter_no: 'OP1' } }
      expect((await send(two, envelope('9002', out))).infcode).toBe(0)
      expect((await send(one, envelope('9002', out))).infcode).toBe(-1)
      const stopped = two.stop()
      const last = await send(two, envelope('9001', signIn))
      expect([last.status, last.infcode]).toEqual([503, -1])
      expect(last.err_msg).toMatch(/^\[停止服务\]/)
      await stopped
    } finally {
      await one.stop()
    }
  })
})
