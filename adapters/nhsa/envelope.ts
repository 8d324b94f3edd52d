import { type Day, type Instant, isDay } from '../../engine/day.ts'
import type { Kind } from './field.ts'
import { may, must, type ReadBy, type Table } from './field.ts'
import { code, moment, text } from './kinds.ts'
import { readTable, WrongInput } from './read.ts'

/** A request as its sender wrapped it (交易输入参数), once it is read and checked. */
export interface Envelope {
  /** 交易编号 as it was sent, such as 2207A. */
  readonly infno: string
  readonly msgid: string
  readonly careRegion: string
  readonly homeRegion?: string | undefined
  readonly institution: string
  readonly institutionName: string
  readonly operator: string
  readonly operatorName: string
  readonly operatorType: string
  readonly signNo?: string | undefined
  /** The terminal that a card is read at (设备编号, dev_no). */
  readonly device?: string | undefined
  readonly sentAt: Instant
  /** In clear, whatever it was sent in. */
  readonly input: unknown
}

/** Text of one form, which is said in Chinese where something else is given. */
const formed = (length: number, form: RegExp, said: string): Kind<string> => {
  const plain = text(length)
  return {
    ...plain,
    read(given) {
      const taken = plain.read(given)
      return 'wrong' in taken || form.test(taken.value) ? taken : { wrong: said }
    },
  }
}

const division = formed(6, /^\d{6}$/, '须为6位行政区划代码')

/** The request envelope (交易输入参数), but for its input. */
export const requestTable = {
  infno: must(formed(5, /^\d{4}[A-Z]?$/, '须为4位交易编号，或再加一个大写字母后缀'), '交易编号'),
  msgid: must(
    formed(30, /^[0-9A-Z]{12}\d{18}$/, '须为定点医药机构编号12位+时间14位+顺序号4位'),
    '发送方报文ID',
  ),
  mdtrtarea_admvs: must(division, '就医地医保区划'),
  insuplc_admdvs: may(division, '参保地医保区划'),
  recer_sys_code: must(text(10), '接收方系统代码'),
  dev_no: may(text(100), '设备编号'),
  dev_safe_info: may(text(2000), '设备安全信息'),
  cainfo: may(text(1024), '数字签名信息'),
  signtype: may(text(10), '签名类型'),
  enctype: may(text(10), '加密方式'),
  // Clients write V1.0, 1.0.0 and other things; there is one version, and nothing depends on it.
  infver: may(text(20), '接口版本号'),
  opter_type: must(code('opter_type', 3), '经办人类别'),
  opter: must(text(30), '经办人'),
  opter_name: must(text(50), '经办人姓名'),
  inf_time: must(moment, '交易时间'),
  fixmedins_code: must(
    formed(12, /^[A-Z][0-9]{11}$/, '须为1位大写字母和11位数字'),
    '定点医药机构编号',
  ),
  // Twenty characters in one province's document, two hundred in others.
  fixmedins_name: must(text(200), '定点医药机构名称'),
  sign_no: may(text(30), '交易签到流水号'),
} satisfies Table

/** The envelope as its table reads it, and its input as it was sent: in clear or encrypted. */
export interface Wrapped {
  readonly fields: ReadBy<typeof requestTable>
  readonly input: unknown
}

/** The longest input (交易输入), in characters of its JSON. */
export const longestInput = 40_000

/** Reads what stands around the input; what the input says comes once it is in clear. */
export function readWrapped(body: unknown): Wrapped {
  const fields = readTable(requestTable, body, '报文')
  const { input } = body as { input?: unknown }
  if (input === undefined || input === null || input === '')
    throw new WrongInput('缺少交易输入 input')
  checkMessageId(fields.msgid, fields.fixmedins_code)
  return { fields, input }
}

/** The bytes of a file (9101) are no text: only the body's own limit holds for them. */
const holdsFile = (infno: string): boolean => infno.startsWith('9101')

/** The institution's code, a time that was, and a serial: fixmedins_code(12) yyyyMMddHHmmss(14) 0000(4). */
function checkMessageId(msgid: string, institution: string): void {
  if (!msgid.startsWith(institution))
    throw new WrongInput('报文.msgid（发送方报文ID）前12位须为报文的fixmedins_code')
  const [, date = '', hour = '', minute = '', second = ''] =
    /^(\d{8})(\d\d)(\d\d)(\d\d)/.exec(msgid.slice(12)) ?? []
  const on = date.replace(/^(\d{4})(\d\d)/, '$1-$2-') as Day
  if (!isDay(on) || hour > '23' || minute > '59' || second > '59')
    throw new WrongInput('报文.msgid（发送方报文ID）第13至26位须为真实的时间yyyyMMddHHmmss')
}

/** Puts the envelope together with its input in clear. */
export function openEnvelope({ fields }: Wrapped, input: unknown): Envelope {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new WrongInput('input（交易输入）须为对象')
  // In clear: ciphertext is longer than what it holds.
  if (!holdsFile(fields.infno) && JSON.stringify(input).length > longestInput)
    throw new WrongInput(`交易输入 input 超过${longestInput}个字符`)
  if (fields.insuplc_admdvs === undefined && namesPerson(input))
    throw new WrongInput('报文.insuplc_admdvs（参保地医保区划）在交易输入含psn_no时不能为空')
  return {
    infno: fields.infno,
    msgid: fields.msgid,
    careRegion: fields.mdtrtarea_admvs,
    homeRegion: fields.insuplc_admdvs,
    institution: fields.fixmedins_code,
    institutionName: fields.fixmedins_name,
    operator: fields.opter,
    operatorName: fields.opter_name,
    operatorType: fields.opter_type,
    signNo: fields.sign_no,
    device: fields.dev_no,
    sentAt: fields.inf_time,
    input,
  }
}

/** Whether a psn_no that is not empty stands anywhere in an input. */
function namesPerson(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(namesPerson)
  return Object.entries(value).some(([name, inner]) =>
    name === 'psn_no' ? inner !== null && inner !== '' : namesPerson(inner),
  )
}
