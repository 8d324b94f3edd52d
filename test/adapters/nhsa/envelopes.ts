import { randomUUID } from 'node:crypto'
import { signatureOf } from '../../../adapters/nhsa/signature.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'

export const hospital = 'H51010000001'
export const pharmacy = 'P51010000001'

const sandbox = readWorld('rules')

/** What every institution of the sandbox signs with, but those that have clients of their own. */
export const pair = { paasid: sandbox.gateway.paasid, secret: sandbox.gateway.secret }

/** Somebody of the sandbox world, by their key there. */
export const person = (key: string) => {
  const found = sandbox.people.find((one) => one.key === key)
  if (!found) throw new Error(`the sandbox world has no ${key}`)
  return found
}

export interface EnvelopeWords {
  readonly institution?: string
  readonly msgid?: string
  /** 参保地: needed by every input that names a person. */
  readonly homeRegion?: string
  readonly signNo?: string
  /** Anything of the envelope that is to be otherwise. */
  readonly more?: Readonly<Record<string, unknown>>
}

let serial = 0

/** A msgid that no other of this test file is: the institution, a time on the world's day, and a number. */
export function nextMsgid(institution = hospital): string {
  serial += 1
  const second = String(Math.floor(serial / 10_000)).padStart(2, '0')
  return `${institution}202603020900${second}${String(serial % 10_000).padStart(4, '0')}`
}

/** A request in its envelope (交易输入参数), as a hospital system would send it. */
export function envelope(infno: string, input: unknown, words: EnvelopeWords = {}) {
  const { institution = hospital, homeRegion = '510100', signNo, more } = words
  return {
    infno,
    msgid: words.msgid ?? nextMsgid(institution),
    mdtrtarea_admvs: institution.slice(1, 7),
    insuplc_admdvs: homeRegion,
    recer_sys_code: 'JIESUAN',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: 'D001',
    opter_name: '演示经办',
    inf_time: '2026-03-02 09:00:00',
    fixmedins_code: institution,
    fixmedins_name: '演示机构',
    sign_no: signNo ?? '',
    input,
    ...more,
  }
}

export interface Signing {
  readonly paasid?: string
  readonly secret?: string
  /** Seconds; now where not given. */
  readonly timestamp?: number
  readonly nonce?: string
}

/** The headers of a signed request (x-tif-*), by the sandbox's pair where no other is given. */
export function signed({
  paasid = pair.paasid,
  secret = pair.secret,
  timestamp = Math.floor(Date.now() / 1000),
  nonce = randomUUID(),
}: Signing = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-tif-paasid': paasid,
    'x-tif-timestamp': String(timestamp),
    'x-tif-nonce': nonce,
    'x-tif-signature': signatureOf(String(timestamp), secret, nonce),
  }
}
