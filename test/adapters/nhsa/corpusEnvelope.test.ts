import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookmark } from './corpus/books.ts'
import { changed, fill, messages } from './corpus/messages.ts'
import { openTheatre, type Theatre } from './corpus/player.ts'
import { envelope, hospital, nextMsgid, signed } from './envelopes.ts'
import type { Reply } from './served.ts'

type Json = Record<string, unknown>
type Body = string | Uint8Array<ArrayBuffer>

/** Transactions that write money, a visit, a filing and a session, and one that only reads. */
const tried = ['2102', '2207', '2208', '2304', '2401', '2501', '5206', '9002']

let theatre: Theatre
beforeAll(async () => {
  theatre = await openTheatre(tried.length + 2)
})
afterAll(() => theatre.close())

const text = JSON.stringify

/** A message as it would be done, and what becomes of it in an envelope that is wrong. */
interface Message {
  readonly infno: string
  readonly input: Json
  readonly at: string
}

const wrap = ({ infno, input, at }: Message, more: Json = {}): string =>
  text(envelope(infno, input, { institution: at, more }))
const inEnvelope = (message: Message, put: string): string => wrap(message).replace('{', `{${put},`)

/** 演示经办 as a Windows client in its own code page writes it. */
const gbkName = Buffer.from([0xd1, 0xdd, 0xca, 0xbe, 0xbe, 0xad, 0xb0, 0xec])
function inGbk(message: Message): Uint8Array<ArrayBuffer> {
  const [before = '', after = ''] = wrap(message, { opter_name: '#here#' }).split('#here#')
  return new Uint8Array(Buffer.concat([Buffer.from(before), gbkName, Buffer.from(after)]))
}

type Wrong = readonly [says: string, body: (message: Message) => Body, err: string]

const wrongBodies: readonly Wrong[] = [
  ['in GBK', inGbk, 'GBK'],
  ['that is empty', () => '', '报文为空'],
  ['of spaces', () => '  \n', 'JSON'],
  ['that is cut off', (message) => wrap(message).slice(0, -1), 'JSON'],
  ['with something behind it', (message) => `${wrap(message)}{}`, 'JSON'],
  ['that is a list', (message) => `[${wrap(message)}]`, '须为对象'],
  ['that is text', (message) => text(wrap(message)), '须为对象'],
  ['that is null', () => 'null', '须为对象'],
  ['with a field twice', (message) => inEnvelope(message, '"infno":"2208"'), '重复'],
  ['with __proto__', (message) => inEnvelope(message, '"__proto__":{"msgid":"1"}'), '__proto__'],
  [
    'with a number of 20 digits',
    (message) => wrap(message).replace('"V1.0"', '1'.repeat(20)),
    '15',
  ],
  ['with a number beyond all', (message) => wrap(message).replace('"V1.0"', '1e999'), '15'],
  ['with half a character', (message) => wrap(message).replace('V1.0', '\\ud800'), '字符'],
  ['with NUL', (message) => wrap(message).replace('V1.0', '\\u0000'), '字符'],
  ['with a bare control character', (message) => wrap(message).replace('V1.0', '\u0001'), 'JSON'],
  [
    'that nests too deeply',
    (message) => wrap(message).replace('"V1.0"', '['.repeat(5_000) + ']'.repeat(5_000)),
    '32',
  ],
  [
    'with 40,001 characters of input',
    (message) => {
      const input: Json = { ...message.input, memo: '' }
      input['memo'] = '长'.repeat(40_001 - text(input).length)
      return wrap({ ...message, input })
    },
    '40000',
  ],
  ['with an input as text', (message) => wrap(message, { input: text(message.input) }), '须为对象'],
  ['with an input as a list', (message) => wrap(message, { input: [message.input] }), '须为对象'],
  ['without an input', (message) => wrap(message, { input: null }), 'input'],
  ['of an infno that nobody has', (message) => wrap(message, { infno: '8999' }), '8999'],
  ['of an infno that is none', (message) => wrap(message, { infno: 'settle' }), 'infno'],
  [
    'under another institution’s msgid',
    (message) => wrap(message, { msgid: nextMsgid('H51010000002') }),
    'msgid',
  ],
  [
    'under a msgid of no time',
    (message) => wrap(message, { msgid: `${message.at}202602300900000001` }),
    'msgid',
  ],
  ['under a short msgid', (message) => wrap(message, { msgid: message.at }), 'msgid'],
  [
    'of an institution nobody knows',
    (message) => wrap({ ...message, at: 'H51010009999' }),
    'H51010009999',
  ],
  [
    'of an institution that others speak for',
    (message) => wrap({ ...message, at: 'H51010000005' }),
    '无权代表',
  ],
  ['without its operator', (message) => wrap(message, { opter: '' }), 'opter'],
  [
    'at a time that is none',
    (message) => wrap(message, { inf_time: '20260302090000' }),
    'inf_time',
  ],
  ['said to be encrypted', (message) => wrap(message, { enctype: 'SM4' }), 'enctype'],
]

const hour_s = 3600
const now_s = (): number => Math.floor(Date.now() / 1000)

const wrongDoors: readonly (readonly [
  says: string,
  headers: () => Record<string, string>,
  err: string,
])[] = [
  ['with a wrong signature', () => ({ ...signed(), 'x-tif-signature': '0'.repeat(64) }), '签名'],
  ['signed with another secret', () => signed({ secret: 'another' }), '签名'],
  ['of a client nobody knows', () => signed({ paasid: 'nobody' }), '签名'],
  ['signed an hour ago', () => signed({ timestamp: now_s() - hour_s }), '时间戳'],
  ['signed in an hour', () => signed({ timestamp: now_s() + hour_s }), '时间戳'],
  ['with an empty nonce', () => ({ ...signed(), 'x-tif-nonce': '' }), 'x-tif-nonce'],
  ['with a signature for another nonce', () => ({ ...signed(), 'x-tif-nonce': 'n1' }), '签名'],
  ['without headers', () => ({ 'content-type': 'application/json' }), 'x-tif-paasid'],
]

/** What is wrong with how something was refused: in the response envelope, in Chinese, with the words that tell why. */
function wronglyRefused({ status, infcode, err_msg, output }: Reply, http: number, err: string) {
  const said = err_msg ?? ''
  return [
    status !== http && `HTTP ${status}`,
    infcode !== -1 && `infcode ${String(infcode)}`,
    output !== null && 'with an output',
    !said.includes(err) && `not told of ${err}: ${said}`,
    !/[\u4e00-\u9fff]/.test(said) && `not in Chinese: ${said}`,
    Array.from(said).length > 200 && 'told in too many words',
  ].filter((each) => each !== false)
}

describe.each(tried)('%s', (infno) => {
  let message: Message
  let before: unknown
  beforeAll(async () => {
    const known = messages.get(infno)
    if (!known) throw new Error(`there are no messages of ${infno}`)
    const { words } = await theatre.play(known.after)
    const input = fill(known.good, words) as Json
    message = { infno, input, at: known.institution ?? hospital }
    before = await bookmark(theatre.served.owner)
  })

  test.each(wrongBodies)('%s is refused', async (_says, body, err) => {
    expect(wronglyRefused(await theatre.served.deliver(body(message)), 200, err)).toEqual([])
  })

  test.each(wrongDoors)('%s is turned away', async (_says, headers, err) => {
    expect(
      wronglyRefused(await theatre.served.deliver(wrap(message), headers()), 401, err),
    ).toEqual([])
  })

  test('of more than 256 KiB is turned away', async () => {
    const body = inEnvelope(message, `"memo":"${'x'.repeat(262_144)}"`)
    expect(wronglyRefused(await theatre.served.deliver(body), 413, '256KiB')).toEqual([])
  })

  test('is done afterwards, since nothing of all that has changed anything', async () => {
    expect(await bookmark(theatre.served.owner)).toEqual(before)
    const headers = signed()
    const msgid = nextMsgid(message.at)
    const body = wrap(message, { msgid })
    const first = await theatre.served.deliver(body, headers)
    expect([first.err_msg, first.infcode]).toEqual(['', 0])
    const after = await bookmark(theatre.served.owner)
    expect(wronglyRefused(await theatre.served.deliver(body, headers), 401, '随机数')).toEqual([])
    if (infno !== '5206') await expectBound(msgid, first)
    expect(await bookmark(theatre.served.owner)).toEqual(after)
  })

  /** Under a msgid that was used, the same is told the same again, and anything else is refused by what differs. */
  async function expectBound(msgid: string, first: Reply): Promise<void> {
    const [node = '', field = ''] = lastField(message.input)
    const input = changed(message.input, { [`${node}.${field}`]: '2' })
    const other = await theatre.served.deliver(wrap({ ...message, input }, { msgid }))
    expect(wronglyRefused(other, 200, field.split('.').at(-1) ?? '')).toEqual([])
    expect(
      wronglyRefused(
        await theatre.served.deliver(wrap({ ...message, infno: '2201' }, { msgid })),
        200,
        '',
      ),
    ).toEqual([])
    const again = await theatre.served.deliver(wrap(message, { msgid }))
    expect([again.infcode, again.output]).toEqual([0, first.output])
  }
})

/** A field whose value may be 2 by its table, and was not. */
function lastField(input: Json): readonly string[] {
  const [node = ''] = Object.keys(input)
  const wanted = ['invono', 'expContent', 'adm_bed', 'refl_rea', 'opter_no', 'psn_no']
  const row = input[node] as Json
  return [node, wanted.find((name) => name in row) ?? '']
}
