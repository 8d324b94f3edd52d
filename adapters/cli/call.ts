import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createCaller, type Exchange } from '../nhsa/client.ts'
import { readWorld } from '../sandbox/world.ts'
import { ownRules, type Print, whatIsWrong } from './cases.ts'

export const callUsage = `jiesuan call INFNO INPUT [options]

Wraps INPUT as a message of the national interface, signs it, sends it to a running server and
prints the answer. INPUT is JSON, or @FILE with it; for example:

  jiesuan call 1101 '{"data":{"mdtrt_cert_type":"02","mdtrt_cert_no":"510199198603120110"}}'

  --url URL            where the server is; default http://127.0.0.1:8080
  --institution CODE   fixmedins_code; default H51010000001, of the sandbox
  --home DIVISION      insuplc_admdvs; default the institution's division
  --msgid MSGID        to send a message again under its name; a fresh one otherwise
  --sign-no NUMBER     sign_no, where sign-in is agreed
  --paasid, --secret   what is agreed with the client; default those of the sandbox
  --patience SECONDS   how long to wait for the answer; default 30
  --show               print the request too

Ends with 0 if it is done, 1 if it is not, 2 if something cannot be used, 3 if no answer came or
it says that the outcome is unknown: then send it again with its --msgid.`

const options = {
  url: { type: 'string', default: 'http://127.0.0.1:8080' },
  institution: { type: 'string', default: 'H51010000001' },
  home: { type: 'string' },
  msgid: { type: 'string' },
  'sign-no': { type: 'string' },
  paasid: { type: 'string' },
  secret: { type: 'string' },
  patience: { type: 'string', default: '30' },
  show: { type: 'boolean', default: false },
} as const

interface Asked {
  readonly infno: string
  readonly input: unknown
  readonly url: string
  readonly institution: string
  readonly home: string
  readonly msgid?: string | undefined
  readonly signNo?: string | undefined
  readonly paasid: string
  readonly secret: string
  readonly patience_ms: number
  readonly show: boolean
}

/** The command. Resolves to its exit code. */
export async function call(args: readonly string[], print: Print): Promise<number> {
  const asked = readArguments(args)
  if (typeof asked === 'string') {
    print.error(`jiesuan call: ${asked}\n\n${callUsage}`)
    return 2
  }
  let seen: Exchange | undefined
  const { url, paasid, secret, institution, home, patience_ms, signNo } = asked
  const caller = createCaller({
    url,
    paasid,
    secret,
    patience_ms,
    institution: { code: institution, name: institution, division: institution.slice(1, 7) },
    onMessage: (exchange) => {
      seen = exchange
    },
  })
  const envelope = signNo === undefined ? {} : { sign_no: signNo }
  const words = { homeRegion: home, msgid: asked.msgid, envelope }
  const { kind, msgid } = await caller.send(asked.infno, asked.input, words)
  if (asked.show) print.out(JSON.stringify(seen?.request, null, 2))
  if (seen?.response) print.out(JSON.stringify(seen.response, null, 2))
  else print.error(`jiesuan call: no answer from ${url}; the outcome of ${msgid} is not known`)
  return { done: 0, refused: 1, again: 1, unknown: 3 }[kind]
}

function readArguments(args: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    })
    const [infno, text, ...others] = positionals
    if (infno === undefined || text === undefined) return 'give an INFNO and an INPUT'
    if (others.length > 0) return `there is nothing to do with "${others.join(' ')}"`
    const { institution, home = institution.slice(1, 7) } = values
    const pair = values.secret === undefined || values.paasid === undefined ? sandboxPair() : values
    const patience_ms = Number(values.patience) * 1000
    if (!(patience_ms > 0)) return `--patience is "${values.patience}", but must be seconds`
    if (!URL.canParse(values.url)) return `--url is "${values.url}", which is none`
    const { paasid = pair.paasid ?? '', secret = pair.secret ?? '' } = values
    const { msgid, show, 'sign-no': signNo } = values
    const url = values.url.replace(/\/+$/, '')
    const input = readInput(text)
    return {
      infno,
      input,
      url,
      institution,
      home,
      msgid,
      signNo,
      paasid,
      secret,
      patience_ms,
      show,
    }
  } catch (error) {
    return whatIsWrong(error)
  }
}

const sandboxPair = (): { readonly paasid?: string; readonly secret?: string } =>
  readWorld(ownRules).gateway

function readInput(text: string): unknown {
  const path = text.startsWith('@') ? text.slice(1) : undefined
  try {
    return JSON.parse(path === undefined ? text : readFileSync(path, 'utf8'))
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new TypeError(`${path ?? 'the input'} ${what}`, { cause: error })
  }
}
