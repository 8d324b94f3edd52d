import type { FactValue } from '../../engine/refusal.ts'

type Facts = Readonly<Record<string, FactValue>>

interface Reply {
  readonly status: number
  readonly title: string
  readonly en: string
  readonly zh: string
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number
}

/** What may be wrong with a request before any rule is asked, or with us; refusals by rule stand in messages.ts. */
export const complaints = {
  'route-unknown': {
    status: 404,
    title: 'No such path',
    en: 'There is nothing at this path; see /docs.',
    zh: '没有这个路径，请查阅 /docs。',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    en: 'This path answers {allowed} only.',
    zh: '此路径只接受 {allowed}。',
  },
  'request-invalid': {
    status: 400,
    title: 'Not an HTTP request',
    en: 'The request is not well-formed HTTP.',
    zh: '请求不是格式正确的 HTTP。',
  },
  'request-timeout': {
    status: 408,
    title: 'Request too slow',
    en: 'The request did not arrive in time.',
    zh: '请求未在规定时间内送达。',
  },
  'headers-too-large': {
    status: 431,
    title: 'Headers too large',
    en: 'The request headers are longer than 16 KiB.',
    zh: '请求头超过 16 KiB。',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    en: 'The body is larger than {most} bytes.',
    zh: '请求体超过 {most} 字节。',
  },
  'media-type-unsupported': {
    status: 415,
    title: 'Not this media type',
    en: 'The body must be {expected}.',
    zh: '请求体必须是 {expected}。',
  },
  'json-invalid': {
    status: 400,
    title: 'Not well-formed JSON',
    en: 'The body is not JSON as we read it: expected {expected}.',
    zh: '请求体不是有效的 JSON：应为 {expected}。',
  },
  'json-key-repeated': {
    status: 400,
    title: 'A field is given twice',
    en: 'The field {field} is given twice.',
    zh: '字段 {field} 重复出现。',
  },
  'field-invalid': {
    status: 400,
    title: 'A field is not as expected',
    en: 'The field {field} is not as expected: {expected}.',
    zh: '字段 {field} 不符合要求：{expected}。',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'Idempotency-Key is missing',
    en: 'Send a header Idempotency-Key with a key of your own for every new request, and the same one with every repeat.',
    zh: '请在请求头 Idempotency-Key 中给出您自定的键：新请求用新键，重发用原键。',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'Idempotency-Key is not well-formed',
    en: 'The key must have 1 to 255 printable ASCII characters, bare or in double quotes.',
    zh: '键须为 1 至 255 个可打印 ASCII 字符，可加双引号。',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used with another body',
    en: 'This key was used before with another body; the first field that differs is {field}.',
    zh: '此键已用于内容不同的请求，首个不同的字段为 {field}。',
  },
  'in-progress': {
    status: 409,
    title: 'Still being worked on',
    en: 'A request with this key is being worked on; ask again with the same key.',
    zh: '同一键的请求正在处理，请稍后以原键重试。',
    retryAfter: 1,
  },
  busy: {
    status: 503,
    title: 'Full, or the database is away',
    en: 'The server is full or its database is away; nothing happened. Send the same request again later.',
    zh: '系统繁忙或数据库暂不可用，本次未做任何处理，请稍后以原键重试。',
    retryAfter: 1,
  },
  'not-ready': {
    status: 503,
    title: 'Not ready',
    en: 'This server is not ready: {reasons}.',
    zh: '服务未就绪：{reasons}。',
    retryAfter: 2,
  },
  closing: {
    status: 503,
    title: 'The server is closing',
    en: 'This server is closing and did nothing; send the same request again.',
    zh: '服务正在关闭，本次未做任何处理，请以原键重试。',
    retryAfter: 2,
  },
  'outcome-unknown': {
    status: 503,
    title: 'The outcome is not known',
    en: 'Whether this was settled is not known yet; ask GET /v1/settlements?key=…&institution=…, or repeat with the same key.',
    zh: '[结果未知] 尚不确定是否已结算，请按键查询或以原键重发，切勿更换键。',
    retryAfter: 2,
  },
  'key-unknown': {
    status: 404,
    title: 'Nothing stands under this key',
    en: 'Nothing was answered under this key; repeat the request with the same key.',
    zh: '此键下没有结果，请以原键重发请求。',
  },
  'person-not-found': {
    status: 404,
    title: 'No such person',
    en: 'There is no insured person {person}.',
    zh: '没有参保人 {person}。',
  },
  'card-not-found': {
    status: 404,
    title: 'No such card',
    en: 'There is no such card.',
    zh: '没有该社会保障卡。',
  },
  'certificate-not-found': {
    status: 404,
    title: 'No such certificate',
    en: 'No copy of that certificate is kept of this person.',
    zh: '未查到该人员的该证照副本。',
  },
  'identity-taken': {
    status: 422,
    title: 'The number is of somebody else',
    en: 'The number in {field} is that of another person; nothing was changed.',
    zh: '{field} 中的号码属于其他参保人，未作任何更改。',
  },
  'ledger-account-unknown': {
    status: 404,
    title: 'No such ledger account',
    en: 'There is no ledger account {account}.',
    zh: '没有账户科目 {account}。',
  },
  'audit-too-long': {
    status: 422,
    title: 'Too much at once',
    en: 'These are more postings than one question may ask to be proved. Add a day, an institution or a person; all of them are proved by the self-audit, see GET /v1/audit.',
    zh: '超过一次可核查的入账数量。请再加日期、机构或人员条件；全部入账由自查核对，见 GET /v1/audit。',
  },
  'nothing-sealed': {
    status: 404,
    title: 'Nothing was sealed',
    en: 'Nothing was sealed here yet, so that there is no key: see SEAL_KEY_FILE.',
    zh: '此处尚未封存任何内容，没有签名公钥：见 SEAL_KEY_FILE。',
  },
  'head-unknown': {
    status: 404,
    title: 'No such heads',
    en: 'There are no two heads of {from} and, later, {until} positions; /v1/ledger/heads lists those there are.',
    zh: '没有位置数为 {from} 及其后 {until} 的日志头；已有的见 /v1/ledger/heads。',
  },
  'not-sealed-yet': {
    status: 409,
    title: 'Not sealed yet',
    en: 'The settlement {settlement} waits to be sealed, which takes a second or two. Ask again.',
    zh: '结算 {settlement} 尚待封存，通常只需一两秒，请稍后再查。',
  },
  'totals-too-many': {
    status: 422,
    title: 'Too many totals',
    en: 'There are more than {most} of them: ask for fewer days or less of them, or take GET /v1/exports/totals.',
    zh: '汇总结果超过 {most} 项，请缩小日期或条件范围，或使用 GET /v1/exports/totals 导出。',
  },
  'exports-full': {
    status: 503,
    title: 'Others are being exported',
    en: 'As many exports are under way as may be at a time; ask again later.',
    zh: '正在进行的导出已达上限，请稍后再试。',
    retryAfter: 10,
  },
  'export-unknown': {
    status: 404,
    title: 'No such export',
    en: 'There is no manifest of an export {export}: it never was, is still under way, or was cut.',
    zh: '没有导出 {export} 的清单：该导出不存在、尚未完成或已中断。',
  },
  'region-unknown': {
    status: 404,
    title: 'No rules for this region',
    en: 'There are no rules for the region {region}.',
    zh: '没有统筹区 {region} 的规则。',
  },
  'batch-too-long': {
    status: 413,
    title: 'The batch is too long',
    en: 'A batch has at most {lines} lines and {bytes} bytes; what follows was not read.',
    zh: '一批最多 {lines} 行、{bytes} 字节，其后内容未读取。',
  },
  'line-too-long': {
    status: 413,
    title: 'The line is too long',
    en: 'A line of a batch has at most {most} bytes.',
    zh: '批量请求每行最多 {most} 字节。',
  },
  'internal-error': {
    status: 500,
    title: 'A fault of ours',
    en: 'A fault of ours; nothing was committed. Give the reference {reference} when you report it.',
    zh: '系统内部错误，未提交任何数据。报告时请提供编号 {reference}。',
  },
  'caller-unknown': {
    status: 401,
    title: 'Nobody is shown by this',
    en: 'The Authorization header shows nobody: {because}.',
    zh: '请求头 Authorization 未能证明身份：{because}。',
  },
  'caller-not-allowed': {
    status: 403,
    title: 'Not for persons',
    en: 'A token for self-service reads what is its holder’s own, and nothing else.',
    zh: '自助查询凭证只能查询本人信息，不能办理或查询其他内容。',
  },
  'role-not-allowed': {
    status: 403,
    title: 'Not for this role',
    en: 'The role {role} may not do this; GET /v1/me says what it may.',
    zh: '角色 {role} 无权进行此操作，可用 GET /v1/me 查询其权限。',
  },
  'institution-not-own': {
    status: 403,
    title: 'Of another institution',
    en: 'This key is of the institution {own}, and asks for nothing of another one.',
    zh: '此密钥属于定点医药机构 {own}，不能为其他机构办理或查询。',
  },
  'operator-not-own': {
    status: 403,
    title: 'In the name of somebody else',
    en: 'This key does not act in the name of {operator} ({field}); GET /v1/me says in whose it does.',
    zh: '此密钥不能以 {operator}（{field}）的名义办理；其经办人可用 GET /v1/me 查询。',
  },
  'access-log-away': {
    status: 503,
    title: 'The access log cannot be written',
    en: 'What is told of people is recorded first, and that cannot be done now; nothing was told. Ask again later.',
    zh: '查询个人信息须先记入访问日志，目前无法记录，因此未提供任何信息，请稍后重试。',
    retryAfter: 1,
  },
  'keys-missing': {
    status: 503,
    title: 'No keys here',
    en: 'This server has no keys, so that it proves no card, checks no PIN and signs no token.',
    zh: '本服务未配置密钥，不能鉴权卡片、验证密码或签发电子凭证。',
    retryAfter: 600,
  },
  'too-many-wrong-pins': {
    status: 429,
    title: 'Too many wrong PINs',
    en: 'Too many wrong PINs were entered at this terminal; it has to wait.',
    zh: '该终端密码错误次数过多，请稍后再试。',
    retryAfter: 600,
  },
} as const satisfies Record<string, Reply>

export type ComplaintCode = keyof typeof complaints

/** A request that cannot be worked on, thrown on the way in and told as a problem document. */
export class Complaint extends Error {
  override name = 'Complaint'
  readonly code: ComplaintCode
  readonly facts: Facts
  constructor(code: ComplaintCode, facts: Facts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}
