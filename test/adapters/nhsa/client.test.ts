import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Caller, createCaller, type Exchange } from '../../../adapters/nhsa/client.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { hospital } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

const { paasid, secret } = readWorld('rules').gateway
const institution = { code: hospital, name: '演示三级医院', division: '510100' }

type Body = Record<string, unknown> & { infno: string; msgid: string; input: { data?: unknown } }
type Answer = { infcode: number; err_msg?: string; output?: unknown } | 'silence' | 'nonsense'

describe('where the other end is slow or says what it likes', () => {
  let server: Server
  let url = ''
  let answers: Answer[] = []
  let asked: Body[] = []
  beforeEach(async () => {
    ;[answers, asked] = [[], []]
    server = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        asked.push(JSON.parse(text) as Body)
        const answer = answers.shift() ?? 'silence'
        if (answer === 'nonsense') response.end('<html>502</html>')
        else if (answer !== 'silence') response.end(JSON.stringify(answer))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })
  const open = (): Caller =>
    createCaller({ url, paasid, secret, institution, patience_ms: 700, pause_ms: () => 5 })
  const done = { infcode: 0, output: { a: 1 }, warn_msg: '' }
  const unknown = { infcode: -1, err_msg: '[结果未知]请求结果暂不能确定' }
  const busy = { infcode: -1, err_msg: '[系统繁忙]本次请求未处理' }
  const refused = { infcode: -1, err_msg: '余额不足' }
  const settle = async (words = {}) =>
    open().settle('2207A', { data: { a: 1 } }, '51010001', { homeRegion: '510100', ...words })

  test('what is done or refused is told as it is', async () => {
    answers = [done, refused]
    expect(await settle()).toMatchObject({ kind: 'done', output: { a: 1 } })
    expect(await settle()).toMatchObject({ kind: 'refused', message: '余额不足' })
    expect(asked).toHaveLength(2)
  })

  test('what was not taken is sent again under its name', async () => {
    answers = [busy, busy, done]
    const { msgid } = await settle()
    expect(asked.map((one) => one.msgid)).toEqual([msgid, msgid, msgid])
  })

  test.each<[string, Answer]>([
    ['is not answered', 'silence'],
    ['is said to be unknown', unknown],
    ['is answered with nonsense', 'nonsense'],
  ])('what %s is reversed under one name until that is answered', async (_name, first) => {
    answers = [first, 'silence', unknown, busy, done]
    const settled = await settle()
    expect(settled).toMatchObject({ kind: 'reversed' })
    const [original, ...reversals] = asked
    expect(reversals.map(({ infno }) => infno)).toEqual(['2601', '2601', '2601', '2601'])
    expect(new Set(reversals.map(({ msgid }) => msgid)).size).toBe(1)
    expect(reversals[0]?.input.data).toEqual({
      psn_no: '51010001',
      omsgid: original?.msgid,
      oinfno: '2207',
    })
    expect(reversals[0]?.msgid).not.toBe(original?.msgid)
  })

  test('a time-out can be had at will', async () => {
    const began = performance.now()
    const sent = await open().send('1201', {}, { patience_ms: 20 })
    expect(sent.kind).toBe('unknown')
    expect(performance.now() - began).toBeLessThan(600)
  })
})

describe('against a server', () => {
  let served: Served
  beforeAll(async () => {
    served = await openServed()
  })
  afterAll(() => served.close())

  test('a message sent again under its name has the same output, whatever became of the first answer', async () => {
    const seen: Exchange[] = []
    const caller = createCaller({
      url: served.url,
      paasid,
      secret,
      institution,
      onMessage: (exchange) => void seen.push(exchange),
    })
    const input = { signIn: { opter_no: 'OP1', mac: '02-00-00-00-00-01', ip: '10.0.0.1' } }
    const msgid = caller.newMessageId()
    expect((await caller.send('9001', input, { msgid, patience_ms: 1 })).kind).toBe('unknown')
    const second = await caller.send('9001', input, { msgid })
    const third = await caller.send('9001', input, { msgid })
    expect(second).toMatchObject({ kind: 'done' })
    expect(third).toEqual(second)
    expect(seen.map(({ response }) => response === undefined)).toEqual([true, false, false])
  })

  test('a settlement whose answer it never had is taken back, and may be asked for anew', async () => {
    const caller = served.caller()
    const { psn_no, homeRegion } = served.who('E1')
    for (const patience_ms of [1, 3, 6, 10, 15]) {
      const mdtrt_id = await served.register('E1')
      await served.upload('E1', mdtrt_id, [{ yuan: 20 }])
      const input = served.bill('E1', mdtrt_id, 20)
      const words = { homeRegion, msgid: caller.newMessageId() }
      const settled = await caller.settle('2207', input, psn_no, { ...words, patience_ms })
      if (settled.kind !== 'reversed') {
        expect(settled.kind).toBe('done')
        continue
      }
      let late = await caller.send('2207', input, words)
      // What it gave up on may still be under way.
      while (late.kind === 'again') late = await caller.send('2207', input, words)
      expect(late.kind === 'done' ? late.output.setlinfo.mdtrt_id : late.kind).toMatch(
        new RegExp(`^(refused|${mdtrt_id})$`),
      )
      const anew = await caller.settle('2207', input, psn_no, { homeRegion })
      expect(anew.kind).toBe('done')
    }
    expect(await served.violations()).toEqual([])
  })

  test('signs in and out', async () => {
    const caller = createCaller({ url: served.url, paasid, secret, institution })
    const signNo = await caller.signIn()
    expect(caller.wrap('1201', {}).sign_no).toBe(signNo)
    await caller.signOut()
    expect(caller.wrap('1201', {}).sign_no).toBe('')
  })

  test('its message ids are its institution’s, and no two are the same', () => {
    const caller = createCaller({ url: served.url, paasid, secret, institution })
    const ids = Array.from({ length: 1000 }, () => caller.newMessageId())
    expect(new Set(ids).size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^H51010000001\d{18}$/)
  })
})
