import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, hospital, nextMsgid, signed } from './envelopes.ts'
import { openServed, type Reply, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const signIn = { signIn: { opter_no: 'OP1', mac: '02-00-00-00-00-01', ip: '10.0.0.1' } }
const text = JSON.stringify

async function raw(body: string | Uint8Array<ArrayBuffer>, headers = signed()): Promise<Reply> {
  const {
    status,
    json,
    text: said,
  } = await served.ask('/fsi/api/signInSignOutService/signIn', {
    method: 'POST',
    headers,
    body,
  })
  return { ...(json as unknown as Reply), status, text: said }
}
const counted = async () => text(await served.count())

describe('the door', () => {
  test('is told of every unsigned, misspelt or repeated request with 401 in the response envelope', async () => {
    const body = text(envelope('9001', signIn))
    const good = signed()
    for (const headers of [
      { 'content-type': 'application/json' },
      { ...good, 'x-tif-signature': good['x-tif-signature']?.replace(/^./, 'g') ?? '' },
      { ...good, 'x-tif-paasid': 'nobody' },
      signed({ secret: 'other' }),
      signed({ timestamp: Math.floor(Date.now() / 1000) - 3600 }),
    ]) {
      const reply = await raw(body, headers)
      expect([reply.status, reply.infcode]).toEqual([401, -1])
      expect(reply.err_msg).toMatch(/[\u4e00-\u9fff]/)
      expect(reply.inf_refmsgid).toMatch(/^510100\d{24}$/)
    }
    expect((await raw(body, good)).infcode).toBe(0)
    const again = await raw(body, good)
    expect([again.status, again.err_msg]).toEqual([401, expect.stringContaining('随机数')])
  })

  test('goes by the clock of the sandbox as well', async () => {
    const timestamp = Math.floor(Date.parse('2026-03-02T09:00:30+08:00') / 1000)
    expect((await raw(text(envelope('9001', signIn)), signed({ timestamp }))).infcode).toBe(0)
  })

  test.each([
    'application/json',
    'application/json;charset=UTF-8',
    'application/json; charset="utf8"',
    'Application/JSON ;Charset=utf-8',
    'text/plain',
    'text/json;charset=utf-8',
    'application/x-www-form-urlencoded',
    'json',
    '*/*',
  ])('takes JSON sent as %s', async (type) => {
    const headers = { ...signed(), 'content-type': type }
    expect((await raw(text(envelope('9001', signIn)), headers)).infcode).toBe(0)
  })

  test('takes a body that begins with a byte order mark, as .NET writes it', async () => {
    const body = `\ufeff${text(envelope('9001', signIn))}`
    expect((await raw(body, signed())).infcode).toBe(0)
  })

  test('is as strict as ever elsewhere, and other methods are not its own', async () => {
    const headers = { 'content-type': 'text/plain', 'idempotency-key': 'k1' }
    const strict = await served.ask('/v1/settlements', { method: 'POST', headers, body: '{}' })
    expect(strict.status).toBe(415)
    expect((await served.ask('/fsi/api/x')).status).toBe(405)
  })
})

describe('a body', () => {
  const gbk = (body: string): Uint8Array<ArrayBuffer> => {
    const [before, after] = body.split('演示机构') as [string, string]
    const name = Buffer.from([0xd1, 0xdd, 0xca, 0xbe, 0xbb, 0xfa, 0xb9, 0xb9])
    return new Uint8Array(
      Buffer.concat([Buffer.from(before, 'latin1'), name, Buffer.from(after, 'latin1')]),
    )
  }
  const plain = () => text({ ...envelope('9001', signIn), opter_name: 'op' })

  test.each<[string, () => string | Uint8Array<ArrayBuffer>, string]>([
    ['in GBK', () => gbk(plain()), '须为UTF-8'],
    ['that is empty', () => '', '报文为空'],
    ['that is no JSON', () => '{"infno":', 'JSON'],
    ['that is no object', () => '[1]', '须为对象'],
    ['with a field twice', () => plain().replace('{', '{"infno":"2207",'), '重复'],
    ['with __proto__', () => plain().replace('{', '{"__proto__":{"a":1},'), '__proto__'],
    ['with a number of 20 digits', () => plain().replace('"V1.0"', '12345678901234567890'), '15'],
    ['with half a character', () => plain().replace('V1.0', '\\ud800'), '字符'],
    [
      'that nests too deeply',
      () => plain().replace('"V1.0"', '['.repeat(40) + ']'.repeat(40)),
      '32',
    ],
    ['with an unknown infno', () => plain().replace('9001', '8999'), '8999'],
    [
      'with an input too long',
      () => text(envelope('9001', { ...signIn, x: 'x'.repeat(40_000) })),
      '40000',
    ],
    ['without a node', () => text(envelope('9001', { data: {} })), 'signIn'],
    [
      'without a required field',
      () => text(envelope('9001', { signIn: { opter_no: '1', mac: '1' } })),
      'ip',
    ],
    ['with an input as text', () => text(envelope('9001', '{}')), '须为对象'],
    [
      'whose msgid is another institution’s',
      () => text(envelope('9001', signIn, { msgid: nextMsgid('H51010000002') })),
      'msgid',
    ],
    [
      'of an institution nobody knows',
      () => text(envelope('9001', signIn, { institution: 'H51010009999' })),
      'H51010009999',
    ],
    [
      'of another client’s institution',
      () => text(envelope('9001', signIn, { institution: 'H51010000005' })),
      '无权代表',
    ],
    [
      'said to be encrypted',
      () => text(envelope('9001', signIn, { more: { enctype: 'SM4' } })),
      'enctype',
    ],
  ])('%s is refused with HTTP 200, and nothing is written', async (_name, body, said) => {
    const before = await counted()
    const reply = await raw(body())
    expect([reply.status, reply.infcode, reply.output]).toEqual([200, -1, null])
    expect(reply.err_msg).toContain(said)
    expect(Array.from(reply.err_msg ?? '').length).toBeLessThanOrEqual(200)
    expect(await counted()).toBe(before)
  })

  test('of more than 256 KiB is refused with 413', async () => {
    const reply = await raw(`"${'x'.repeat(262_144)}"`)
    expect([reply.status, reply.infcode]).toEqual([413, -1])
    expect(reply.err_msg).toContain('256KiB')
  })

  test('that is compressed is refused', async () => {
    const reply = await raw(plain(), { ...signed(), 'content-encoding': 'gzip' })
    expect(reply.err_msg).toContain('Content-Encoding')
  })
})

describe('a message', () => {
  test('is answered with every field of the response envelope', async () => {
    const reply = await served.send('9001', signIn)
    expect(Object.keys(JSON.parse(reply.text))).toEqual([
      'infcode',
      'inf_refmsgid',
      'refmsg_time',
      'respond_time',
      'err_msg',
      'output',
      'enctype',
      'signtype',
      'cainfo',
      'warn_msg',
    ])
    expect(reply.inf_refmsgid).toMatch(/^5101002026030209\d{14}$/)
    expect(reply.output.signinoutb.sign_no).toMatch(/^[0-9A-Z]{30}$/)
  })

  test('sent again has the same output, and changed under its msgid names the field', async () => {
    const msgid = nextMsgid()
    const first = await served.send('9001', signIn, { msgid })
    expect((await served.send('9001', signIn, { msgid })).output).toEqual(first.output)
    const other = { signIn: { ...signIn.signIn, ip: '10.0.0.2' } }
    const reply = await served.send('9001', other, { msgid })
    expect([reply.infcode, reply.err_msg]).toEqual([-1, expect.stringContaining('ip')])
    expect((await served.send('9001', signIn, { msgid })).output).toEqual(first.output)
  })

  test('may carry a suffix to its infno, which changes nothing', async () => {
    const msgid = nextMsgid()
    const first = await served.send('9001', signIn, { msgid })
    expect((await served.send('9001A', signIn, { msgid })).output).toEqual(first.output)
  })

  test('from another division than the institution’s is warned of', async () => {
    const far = await served.send('9001', signIn, { more: { mdtrtarea_admvs: '440100' } })
    expect([far.infcode, far.warn_msg]).toEqual([0, expect.stringContaining('440100')])
    const city = await served.send('9001', signIn, { more: { mdtrtarea_admvs: '510199' } })
    expect([city.infcode, city.warn_msg]).toEqual([0, ''])
  })

  test('has a receipt that no other has', async () => {
    const replies = await Promise.all(
      Array.from({ length: 40 }, async () => served.send('9001', signIn)),
    )
    expect(replies.every(({ infcode }) => infcode === 0)).toBe(true)
    expect(new Set(replies.map(({ inf_refmsgid }) => inf_refmsgid)).size).toBe(40)
  })

  test('of an institution whose contract is over may end things and begin none', async () => {
    const institution = 'H51010000009'
    expect((await served.send('9001', signIn, { institution })).infcode).toBe(0)
    const input = { data: { psn_no: '510100000000000000001001' } }
    const reply = await served.send('2001', input, { institution })
    expect([reply.infcode, reply.err_msg]).toEqual([-1, expect.stringContaining(institution)])
  })

  test('is counted by infno and result', async () => {
    await served.send('8998', {})
    const { text: metrics } = await served.ask('/metrics')
    expect(metrics).toMatch(/jiesuan_national_requests_total\{infno="9001",result="done"\} \d+/)
    expect(metrics).toMatch(/infno="unknown",result="refused"\} \d+/)
    expect(metrics).toMatch(/infno="unknown",result="unauthenticated"\} \d+/)
    expect(metrics).not.toContain('8998')
  })
})

describe('where a client must sign in', () => {
  const institution = 'H51010000005'
  const signing = { paasid: 'sandbox-signin', secret: 'sandbox-signin-secret-not-for-production' }
  const asked = (signNo?: string) =>
    served.send(
      '1201',
      { medinsinfo: { fixmedins_type: '1', fixmedins_code: hospital } },
      { institution, ...(signNo === undefined ? {} : { signNo }) },
      signing,
    )

  test('nothing goes without a sign_no, and a sign-out counts at once', async () => {
    expect((await asked()).err_msg).toContain('请先签到')
    expect((await asked('0'.repeat(30))).err_msg).toContain('sign_no')
    const { output } = await served.send('9001', signIn, { institution }, signing)
    const { sign_no } = output.signinoutb
    expect((await asked(sign_no)).infcode).toBe(0)
    const out = { signOut: { sign_no, opter_no: 'OP1' } }
    const msgid = nextMsgid(institution)
    const left = await served.send('9002', out, { institution, msgid }, signing)
    expect([left.infcode, left.output]).toEqual([0, { signoutoutb: { sign_time: '2026-03-02' } }])
    expect(left.warn_msg).toBe('')
    expect((await asked(sign_no)).err_msg).toContain('sign_no')
    expect((await served.send('9002', out, { institution }, signing)).infcode).toBe(-1)
    expect((await served.send('9002', out, { institution, msgid }, signing)).output).toEqual(
      left.output,
    )
  })

  test('what was written before a sign-out is told the same when it is repeated after it', async () => {
    const { output } = await served.send('9001', signIn, { institution }, signing)
    const { sign_no: signNo } = output.signinoutb
    const mapping = {
      fixmedins_hilist_id: 'OWN-1',
      fixmedins_hilist_name: '自编名称',
      list_type: '101',
      med_list_codg: 'XC09AAD099A001010100001',
      begndate: '2026-01-01',
      enddate: '2026-12-31',
    }
    const upload = (msgid: string) =>
      served.send('3301', { data: mapping }, { institution, signNo, msgid }, signing)
    const [msgid, late] = [nextMsgid(institution), nextMsgid(institution)]
    const first = await upload(msgid)
    expect(first.infcode).toBe(0)
    // Another operator than signed in may sign out, and is told so.
    const out = { signOut: { sign_no: signNo, opter_no: 'OP2' } }
    const left = await served.send('9002', out, { institution }, signing)
    expect([left.infcode, left.warn_msg]).toEqual([0, expect.stringContaining('OP2')])
    expect((await upload(msgid)).output).toEqual(first.output)
    expect((await upload(late)).err_msg).toContain('sign_no')
  })

  test('a sign_no of another institution is good for nothing', async () => {
    const { output } = await served.send('9001', signIn)
    expect((await asked(output.signinoutb.sign_no)).infcode).toBe(-1)
  })
})

test('nothing of the people stands in the log', () => {
  expect(served.named()).toEqual([])
})

test('mobile payment is served at its own address too, and nothing beside both', async () => {
  const ask = async (path: string) => {
    const body = text(envelope('9001', signIn))
    return served.ask(path, { method: 'POST', headers: signed(), body })
  }
  expect((await ask('/org/local/api/hos/pay_order')).json.infcode).toBe(0)
  expect((await ask('/org/local/api/other')).status).toBe(404)
})
