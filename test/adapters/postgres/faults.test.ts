import net from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBooks } from '../../../adapters/postgres/books.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { begin, beginning } from '../../../adapters/postgres/transaction.ts'
import type { Books } from '../../../engine/books.ts'
import { Fault } from '../../../engine/ports.ts'
import { settle, settleOnce } from './settle.ts'
import { claim, crypto, enrol, openWorld, settleAsk, type World } from './support.ts'

/** Stands between the books and their server, and does what networks do. */
class Proxy {
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  /** Told of every message to the server: true forwards it, and `cut` ends both sides at once. */
  onRequest: (data: Buffer, cut: () => void) => boolean = () => true
  onReply: (data: Buffer, cut: () => void) => Buffer | undefined = (data) => data

  constructor(target: URL) {
    this.#server = net.createServer((client) => {
      const server = net.connect(Number(target.port), target.hostname)
      const cut = (): void => {
        client.destroy()
        server.destroy()
      }
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', cut).on('close', cut)
      }
      client.on('data', (data: Buffer) => this.onRequest(data, cut) && server.write(data))
      server.on('data', (data: Buffer) => {
        const reply = this.onReply(data, cut)
        if (reply) client.write(reply)
      })
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as net.AddressInfo).port
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

let world: World
let proxy: Proxy
let pool: ReturnType<typeof createPool>
let books: Books

beforeEach(async () => {
  world = await openWorld()
  await enrol(world, 'A', { balance: 100_000n })
  const url = new URL(world.database.appUrl)
  proxy = new Proxy(new URL(url))
  url.port = String(await proxy.listen())
  url.hostname = '127.0.0.1'
  pool = createPool({ url: url.href, max: 4, applicationName: 'through proxy', onError: () => {} })
  books = createBooks({ pool, crypto, clock: world.clock })
})
afterEach(async () => {
  const wrong = await checkBooks(world.pool)
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
  await pool.end()
  proxy.close()
  await world.close()
})

const isCommit = (data: Buffer): boolean => data.includes('commit')
const faultOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof Fault ? error.kind : String(error)),
  )
const settlements = async (): Promise<bigint> =>
  (await world.pool.query('select count(*) as n from settlement')).rows[0].n

describe('a commit whose reply is lost', () => {
  it('is unknown, and looking its key up on a new connection finds what was settled', async () => {
    const ask = settleAsk('lost', claim('A'))
    proxy.onReply = (data, cut) => {
      if (!data.includes('COMMIT\0')) return data
      cut()
      return undefined
    }
    expect(await faultOf(settleOnce(books, [ask], world.clock.now))).toBe('unknown')
    proxy.onReply = (data) => data
    const [found] = await books.lookUp([ask.key])
    expect(found).toMatchObject({ kind: 'answered', answer: { kind: 'settled' } })
    const [repeated] = await settle(books, [ask], world.clock.now)
    expect(repeated).toMatchObject({ kind: 'settled', replayed: true })
    expect(await settlements()).toBe(1n)
  })

  it('that never reached the server is proved not to have happened, and its retry settles', async () => {
    const ask = settleAsk('never', claim('A'))
    proxy.onRequest = (data, cut) => {
      if (isCommit(data)) cut()
      return !isCommit(data)
    }
    expect(await faultOf(settleOnce(books, [ask], world.clock.now))).toBe('unknown')
    proxy.onRequest = () => true
    expect(await books.lookUp([ask.key])).toEqual([{ kind: 'fresh' }])
    const [retried] = await settle(books, [ask], world.clock.now)
    expect(retried).toMatchObject({ kind: 'settled', replayed: false })
    expect(await settlements()).toBe(1n)
  })

  it('that may still end either way is not answered', async () => {
    const ask = settleAsk('hanging', claim('A'))
    const other = settleAsk('ended', claim('A'))
    const open = await world.books.open([ask])
    // The transaction that holds the key is alive: nobody can say yet what will become of it.
    expect(await books.lookUp([ask.key, other.key])).toEqual([undefined, { kind: 'fresh' }])
    await open.abandon()
    expect(await books.lookUp([ask.key])).toEqual([{ kind: 'fresh' }])
  })
})

describe('a connection', () => {
  it('lost while facts are read means that nothing happened', async () => {
    proxy.onRequest = (data, cut) => {
      if (data.includes('pg_advisory_xact_lock') || data.includes('take-locks')) cut()
      return true
    }
    expect(await faultOf(books.open([settleAsk('early', claim('A'))]))).toBe('unavailable')
  })

  it('killed by the server before the commit was sent means that nothing happened', async () => {
    const session = await books.open([settleAsk('killed', claim('A'))])
    await world.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'through proxy'`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await faultOf(session.commit([]))).toBe('unavailable')
  })

  it('that cannot be had in time means that nothing happened, soon', async () => {
    const held = await Promise.all(Array.from({ length: 4 }, () => pool.connect()))
    const begun = performance.now()
    expect(await faultOf(books.open([settleAsk('full', claim('A'))]))).toBe('unavailable')
    expect(performance.now() - begun).toBeLessThan(1_500)
    for (const client of held) client.release()
  })

  it('is thrown away after a loss, so that the next claim settles', async () => {
    await settle(books, [settleAsk('one', claim('A'))], world.clock.now)
    await world.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'through proxy'`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const [next] = await settle(books, [settleAsk('two', claim('A'))], world.clock.now)
    expect(next?.kind).toBe('settled')
  })
})

describe('a statement that cannot be written', () => {
  it('keeps the others from being committed, since the server never hears of it', async () => {
    const transaction = await begin(pool)
    await transaction.send([beginning])
    const tooLong = {
      toPostgres(): never {
        throw new RangeError('Invalid string length')
      },
    }
    const hash = Buffer.alloc(32)
    const others = `insert into request values ($1, '', '', 1, 'A', now())`
    const work = transaction.commit([
      { name: 'too-long', text: 'select $1::text', values: [tooLong] },
      { name: 'others', text: others, values: [hash] },
    ])
    expect(await faultOf(work)).toContain('Invalid string length')
    const { rows } = await world.pool.query('select from request where key_hash = $1', [hash])
    expect(rows).toEqual([])
  })
})

describe('a lost race', () => {
  it('is a conflict, whichever unique key it meets', async () => {
    const unlocked = createBooks({ pool: world.pool, crypto, clock: world.clock, locks: false })
    const slow = settleAsk('slow', claim('A'))
    const session = await unlocked.open([slow])
    await settle(world.books, [settleAsk('fast', claim('A'))], world.clock.now)
    const { loaded } = session
    const race = settleOnce(
      { ...unlocked, open: async () => ({ ...session, loaded }) },
      [slow],
      world.clock.now,
    )
    expect(await faultOf(race)).toBe('conflict')
    const [retried] = await settle(unlocked, [slow], world.clock.now)
    expect(retried?.kind).toBe('settled')
  })
})

describe('a warning that comes with COMMIT', () => {
  it('makes the outcome unknown, and the lookup tells it', async () => {
    const warning = Buffer.from(
      'SWARNING\0VWARNING\0C01000\0Mcanceling wait for synchronous replication\0\0',
    )
    const notice = Buffer.alloc(5)
    notice.write('N')
    notice.writeInt32BE(warning.length + 4, 1)
    proxy.onReply = (data) => {
      const at = data.indexOf('COMMIT\0')
      if (at < 0) return data
      // One byte of type and four of length stand before the tag of a CommandComplete message.
      return Buffer.concat([data.subarray(0, at - 5), notice, warning, data.subarray(at - 5)])
    }
    const ask = settleAsk('warned', claim('A'))
    const work = faultOf(settleOnce(books, [ask], world.clock.now))
    expect(await work).toBe('unknown')
    expect(await books.lookUp([ask.key])).toMatchObject([{ kind: 'answered' }])
  })
})
