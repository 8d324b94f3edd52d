import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts } from '../../../adapters/crypto/sealKeys.ts'
import { type KeptHead, witnessHeads } from '../../../adapters/region/witness.ts'
import { awayClaim, openRegions, type Regions } from '../../support/regions.ts'

let regions: Regions
beforeAll(async () => {
  regions = await openRegions()
})
afterAll(() => regions.close())

const kept: KeptHead[] = []
const breaches: string[] = []

/** Chengdu keeps what Guangzhou sealed. */
async function keep(url = regions.guangzhou.url): Promise<number> {
  return witnessHeads(
    {
      digest: digestParts,
      verify: sm2Verify,
      partners: [{ division: '440100', url: new URL(url) }],
      last: async () => kept.at(-1),
      keep: async (head) => void kept.push(head),
      onBreach: (region, _, why) => void breaches.push(`${region}: ${why}`),
    },
    new AbortController().signal,
  )
}

const sizeOf = async (): Promise<number> => {
  const { json } = await regions.guangzhou.ask('/v1/ledger/heads?limit=1')
  return (json as { items: { size: number }[] }).items[0]?.size ?? 0
}

/** Something is posted and sealed in Guangzhou. */
async function grow(key: string): Promise<void> {
  const before = await sizeOf()
  const told = await regions.chengdu.post('/v1/settlements', awayClaim, key)
  expect(told.status).toBe(201)
  for (let i = 0; i < 100 && (await sizeOf()) === before; i++) await sleep(100)
  expect(await sizeOf()).toBeGreaterThan(before)
}

describe('a region that keeps what another one sealed', () => {
  it('keeps its newest head, and each later one once it is proved to go on from that', async () => {
    for (let i = 0; i < 100 && (await sizeOf()) === 0; i++) await sleep(100)
    expect(await keep()).toBe(1)
    expect(await keep()).toBe(0)
    await grow('w1')
    // What is told is good for a second.
    await sleep(1_100)
    expect(await keep()).toBe(1)
    expect(kept).toHaveLength(2)
    expect(breaches).toEqual([])
  })

  it('keeps nothing of a region that is away, or that answers what is no head', async () => {
    const before = kept.length
    expect(await keep('http://127.0.0.1:9')).toBe(0)
    for (const answer of ['x', '{}', `{"note":1}`, '[]', 'null', 'y'.repeat(100_000)]) {
      const server = await answering(200, answer)
      expect(await keep(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toBe(0)
      server.close()
    }
    expect(kept).toHaveLength(before)
    expect(breaches).toEqual([])
  })

  it('catches a head of another log, or one that nobody signed', async () => {
    const [head] = kept
    const keys = [{ name: 'sandbox-440100', publicKey: head?.publicKey, since: 0 }]
    const others = [
      { note: head?.note.replace('440100 journal', '440200 journal'), keys, hashes: [] },
      { note: head?.note.replace(/^(.*\n)\d+/, '$1999'), keys, hashes: [] },
      { note: 'x', keys, hashes: [] },
    ]
    for (const told of others) {
      const server = await answering(200, JSON.stringify(told))
      await keep(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      server.close()
    }
    expect(breaches.splice(0)).toEqual([
      '440100: what it told is no head of its log',
      '440100: no key that can be trusted signed its head',
      '440100: what it told is no head of its log',
    ])
  })

  it('catches a region that put its books back to a backup', async () => {
    const size = kept.at(-1)?.size
    await regions.guangzhou.owner.query('delete from seal_head where size >= $1', [size])
    expect(await keep()).toBe(0)
    expect(breaches.splice(0)).toEqual(['440100: it does not know the head that was kept'])
  })
})

async function answering(status: number, body: string): Promise<Server> {
  const server = createServer((_, reply) => reply.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
