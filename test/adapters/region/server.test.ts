import { createPrivateKey, sign as plainSign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messagesPath, names } from '../../../adapters/region/envelope.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { query, settle, split } from './examples.ts'
import { emptyIdOf } from './forged.ts'
import { type Message, messageOf, send as sendTo, type Writing } from './messages.ts'
import { chengdu, guangzhou, lineTo, openDoor, pairOf, start_ms } from './support.ts'

let asked: [from: string, asked: RegionAsk, to: string][] = []
let answer: () => RegionReply = () => ({ kind: 'absent' })
let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  door = await openDoor({
    answer: async (...what) => {
      asked.push(what)
      return answer()
    },
  })
})
beforeEach(() => {
  asked = []
  answer = () => ({ kind: 'absent' })
})
afterAll(() => door.close())

const send = async (message: Message) => sendTo(message, door.url)
/** The same with the character at a place changed by one bit that keeps it printable. */
const flip = (text: string, at: number): string => {
  const code = text.charCodeAt(at) ^ (/[0-9a-f]/.test(text[at] as string) ? 1 : 2)
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
}

describe('the door for other regions', () => {
  test('takes a message that is theirs, and tells the desk whose it is', async () => {
    expect(await send(messageOf())).toMatchObject({ status: 200, json: { kind: 'absent' } })
    expect(asked).toEqual([['510100', query, '440100']])
    expect(door.counted.at(-1)).toMatchObject({
      direction: 'in',
      region: '510100',
      kind: 'query',
      outcome: 'absent',
    })
  })

  test('gives the line at the other end what the desk answered, whatever was asked', async () => {
    const { line, close } = lineTo(door.url)
    answer = () => ({ kind: 'settled', settlement: 'S1', postedAt: start_ms, split })
    expect(await line.ask('440100', settle)).toEqual(answer())
    expect(asked).toEqual([['510100', settle, '440100']])
    close()
  })

  test('turns every message away in which one byte is another, and none reaches the desk', async () => {
    const good = messageOf(settle)
    const mutated: Message[] = []
    for (const name of Object.values(names)) {
      const value = good.headers[name] as string
      for (const at of new Set([0, value.length >> 1, value.length - 1])) {
        mutated.push({ ...good, headers: { ...good.headers, [name]: flip(value, at) } })
      }
      const { [name]: _, ...without } = good.headers
      mutated.push({ ...good, headers: without })
      mutated.push({ ...good, headers: { ...good.headers, [name]: `${value}0` } })
    }
    for (let at = 0; at < good.body.length; at += good.body.length >> 5) {
      const body = Buffer.from(good.body)
      body[at] = (body[at] as number) ^ 1
      mutated.push({ ...good, body })
    }
    for (const path of [
      `${messagesPath}?`,
      `${messagesPath}?a=1`,
      flip(messagesPath, 8),
      `${messagesPath}/`,
    ])
      mutated.push({ ...good, path })
    mutated.push({ ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) })
    mutated.push({ ...good, body: Buffer.alloc(0) }, { ...good, method: 'PUT' })
    expect(mutated.length).toBeGreaterThan(70)
    for (const [n, one] of mutated.entries()) {
      const { status, json } = await send(one)
      expect([n, status, json['code']]).toEqual([
        n,
        expect.toSatisfy((s) => s >= 400 && s < 500),
        json['code'],
      ])
    }
    expect(asked).toEqual([])
    expect((await send(good)).status).toBe(200)
  })
})

describe('a signature', () => {
  const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
  const hex = (n: bigint): string => n.toString(16).padStart(64, '0')
  const halves = (base: Buffer) => [chengdu.sign(base).slice(0, 64), chengdu.sign(base).slice(64)]
  const integer = (digits: string): string => {
    const body = digits >= '8' ? `00${digits}` : digits
    return `02${(body.length / 2).toString(16).padStart(2, '0')}${body}`
  }
  const der = (base: Buffer): string => {
    const raw = chengdu.sign(base)
    const body = integer(raw.slice(0, 64)) + integer(raw.slice(64))
    return `30${(body.length / 2).toString(16)}${body}`
  }
  const ecdsa = (base: Buffer): string => {
    const head = '302e0201010420'
    const oid = 'a00706052b8104000a'
    const key = createPrivateKey({
      key: Buffer.from(head + chengdu.secret + oid, 'hex'),
      format: 'der',
      type: 'sec1',
    })
    return plainSign('sha256', base, { key, dsaEncoding: 'ieee-p1363' }).toString('hex')
  }

  const forged: [what: string, writing: Writing, code: string][] = [
    ['of another key', { key: { ...pairOf('510100', chengdu.id) } }, 'signature-wrong'],
    ["of the receiver's own key", { key: { ...guangzhou, id: chengdu.id } }, 'signature-wrong'],
    ["under the receiver's own key id", { key: guangzhou }, 'key-unknown'],
    ['in DER', { sign: der }, 'header-invalid'],
    ['in capitals', { sign: (b) => chengdu.sign(b).toUpperCase() }, 'header-invalid'],
    ['with a byte behind it', { sign: (b) => `${chengdu.sign(b)}00` }, 'header-invalid'],
    ['with a byte between its halves', { sign: (b) => halves(b).join('00') }, 'header-invalid'],
    [
      'with s + n',
      {
        sign(base) {
          const raw = chengdu.sign(base)
          return (
            raw.slice(0, 64) +
            (BigInt(`0x${raw.slice(64)}`) + order).toString(16).slice(-64).padStart(64, '0')
          )
        },
      },
      'signature-wrong',
    ],
    ['with r = 0', { sign: (b) => '0'.repeat(64) + chengdu.sign(b).slice(64) }, 'signature-wrong'],
    [
      'with s = 0',
      { sign: (b) => chengdu.sign(b).slice(0, 64) + '0'.repeat(64) },
      'signature-wrong',
    ],
    ['with both the order', { sign: () => hex(order) + hex(order) }, 'signature-wrong'],
    [
      'with its halves changed over',
      { sign: (b) => chengdu.sign(b).slice(64) + chengdu.sign(b).slice(0, 64) },
      'signature-wrong',
    ],
    ['with an empty user id', { sign: (b) => emptyIdOf(chengdu, b) }, 'signature-wrong'],
    ['of ECDSA', { sign: ecdsa }, 'signature-wrong'],
    ['of nothing', { sign: () => '0'.repeat(128) }, 'signature-wrong'],
    ['over another message', { sign: () => chengdu.sign(Buffer.from('pay')) }, 'signature-wrong'],
  ]
  test.each(forged)('%s is refused', async (_, writing, code) => {
    const { status, json } = await send(messageOf(settle, writing))
    expect({ status, code: json['code'] }).toEqual({
      status: code === 'header-invalid' ? 400 : 401,
      code,
    })
    expect(asked).toEqual([])
  })
})
