import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../../adapters/cli/call.ts'
import { openServed } from '../adapters/http/served.ts'
import { fileOf } from './command.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

async function run(...args: string[]) {
  const said: string[] = []
  const wrong: string[] = []
  const print = { out: (l: string) => void said.push(l), error: (l: string) => void wrong.push(l) }
  const code = await call(args, print)
  const [first, second] = said.map((text) => JSON.parse(text) as Record<string, unknown>)
  return { code, first, second, wrong: wrong.join('\n') }
}
const at = (...args: string[]) => run('--url', `${served.url}/`, ...args)

const asked = '{"data":{"mdtrt_cert_type":"02","mdtrt_cert_no":"510199198603120110"}}'

test('a message is wrapped, signed and sent as the sandbox would, and its answer printed', async () => {
  const { code, first } = await at('1101', asked)
  expect(code).toBe(0)
  expect(first).toMatchObject({ infcode: 0, output: { baseinfo: { psn_name: '演示甲' } } })
})

test('the input may stand in a file, and the request is shown where asked', async () => {
  const { code, first, second } = await at(
    '1101',
    `@${fileOf(asked)}`,
    '--show',
    '--home',
    '510700',
  )
  expect(code).toBe(0)
  expect(first).toMatchObject({ infno: '1101', insuplc_admdvs: '510700', input: { data: {} } })
  expect(second).toMatchObject({ infcode: 0 })
})

test('another client speaks for its own institution, and a message may be sent again', async () => {
  const pair = [
    '--paasid',
    'sandbox-signin',
    '--secret',
    'sandbox-signin-secret-not-for-production',
  ]
  const mine = ['--institution', 'H51010000005', ...pair]
  const signIn = '{"signIn":{"opter_no":"OP1","mac":"02","ip":"10.0.0.1"}}'
  const msgid = 'H51010000005202603020900000001'
  const first = await at('9001', signIn, '--msgid', msgid, ...mine)
  const again = await at('9001', signIn, '--msgid', msgid, ...mine)
  expect(again.first?.['output']).toEqual(first.first?.['output'])
  const output = first.first?.['output'] as { signinoutb: { sign_no: string } } | undefined
  const signNo = String(output?.signinoutb.sign_no)
  expect(await at('1201', '{"data":{}}', ...mine)).toMatchObject({ code: 1 })
  const signed = await at('1101', asked, '--sign-no', signNo, ...mine)
  expect(signed).toMatchObject({ code: 0 })
})

test('a refusal ends with 1, no answer with 3 and the msgid to ask by', async () => {
  expect(await at('1101', '{}')).toMatchObject({ code: 1, first: { infcode: -1 } })
  const silent = await run('1101', asked, '--url', 'http://127.0.0.1:1', '--patience', '1')
  expect(silent.code).toBe(3)
  expect(silent.wrong).toMatch(/outcome of H51010000001\d{18} is not known/)
})

test.each([
  [[], 'give an INFNO and an INPUT'],
  [['1101'], 'give an INFNO and an INPUT'],
  [['1101', '{}', 'more'], 'nothing to do with "more"'],
  [['1101', '{'], 'the input is not JSON'],
  [['1101', '@/nowhere'], 'cannot be read'],
  [['1101', '{}', '--what'], "unknown option '--what'"],
  [['1101', '{}', '--patience', 'long'], '--patience is "long"'],
  [['1101', '{}', '--url', 'here'], '--url is "here"'],
])('%j is explained', async (args, words) => {
  const { code, wrong } = await run(...args)
  expect(code).toBe(2)
  expect(wrong).toContain(words)
})
