import { chargeLines } from '../../../engine/charging.ts'
import type { Credential, FeeLine } from '../../../engine/claim.ts'
import { authenticated, credentialSubjects } from '../../../engine/evidence.ts'
import { sum, toYuan } from '../../../engine/money.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../../engine/refusal.ts'
import { partiesOf } from '../../../engine/registering.ts'
import { readVisit, type Registration, type Visit, visitSubject } from '../../../engine/visit.ts'
import { findVisit, register } from '../../../engine/visiting.ts'
import { refuseStayType } from '../about.ts'
import { may, must, one, type ReadBy, type Table } from '../field.ts'
import { detailsOf } from '../filings.ts'
import { amount, charged, code, price, quantity, text } from '../kinds.ts'
import { realName, stamp } from '../mobileFields.ts'
import { indexEntry, type OrderMade, orderEntry, subjectsOf } from '../mobileOrder.ts'
import { dayOf } from '../moment.ts'
import { rows } from '../nested.ts'
import { careOf } from '../settings.ts'
import { tell } from '../tell.ts'
import { type Call, type Refused, transaction } from '../transaction.ts'
import { schemeOf } from '../translate.ts'

const feedetail = {
  feedetlSn: must(text(30), '费用明细流水号'),
  feeOcurTime: must(stamp, '费用发生时间'),
  medListCodg: must(text(50), '医疗目录编码'),
  medinsListCodg: may(text(150), '医药机构目录编码'),
  detItemFeeSumamt: must(charged(amount), '明细项目费用总额'),
  cnt: must(charged(quantity), '数量'),
  pric: must(charged(price), '单价'),
  rxno: may(text(30), '处方号'),
  bilgDeptCodg: may(text(30), '开单科室编码'),
  bilgDrCodg: may(text(30), '开单医生编码'),
} as const satisfies Table

const upload = {
  orgCodg: must(text(30), '机构编码'),
  psnNo: must(text(30), '人员编号'),
  insutype: must(code('insutype', 6), '险种类型'),
  medOrgOrd: must(text(64), '医疗机构订单号'),
  begntime: must(stamp, '就诊开始时间'),
  ...realName,
  ecToken: may(text(64), '电子凭证令牌'),
  payAuthNo: may(text(64), '支付授权码'),
  mdtrtId: may(text(30), '就诊ID'),
  insuCode: must(text(6), '参保地区划'),
  iptOtpNo: must(text(30), '门诊号'),
  deptName: must(text(100), '科室名称'),
  deptCode: must(text(30), '科室编码'),
  caty: must(text(10), '科别'),
  medType: must(code('med_type', 6), '医疗类别'),
  feeType: must(text(6), '费用类型'),
  psnSetlway: must(text(6), '个人结算方式'),
  chrgBchno: must(text(30), '收费批次号'),
  pubHospRfomFlag: must(text(3), '公立医院改革标志'),
  acctUsedFlag: may(text(3), '个人账户使用标志'),
  diseCodg: may(text(30), '病种编码'),
  diseName: may(text(500), '病种名称'),
  medfeeSumamt: must(amount, '医疗费总额'),
  fulamtOwnpayAmt: may(amount, '全自费金额'),
  overlmtSelfpay: may(amount, '超限价金额'),
  preselfpayAmt: may(amount, '先行自付金额'),
  inscpScpAmt: may(amount, '符合政策范围金额'),
  feedetailList: must(rows(feedetail), '费用明细'),
} as const satisfies Table

type Upload = ReadBy<typeof upload>

/** Uploads the fees of a mobile order (移动支付费用明细上传), with the visit where it has none, and names the order. */
export const uploadFees = transaction({
  infno: '6201',
  name: { zh: '移动支付费用明细上传', en: 'upload the fees of a mobile order' },
  input: { data: one(upload) },
  output: {
    data: one({
      payOrdId: must(text(40), '支付订单号'),
      payToken: must(text(64), '支付令牌'),
      mdtrtId: must(text(30), '就诊ID'),
      medfeeSumamt: must(amount, '医疗费总额'),
    }),
  },
  writes: true,
  async handle({ data }, call) {
    const { world, submit, key, institution } = call
    const refused = refuseUpload(data, call) ?? (await refusePerson(data, call))
    if (refused) return refused
    const made = orderMade(data, call)
    const asked = registrationOf(data, call)
    if ('refused' in asked) return asked
    const { psnNo } = data
    const subject = visitSubject(psnNo, made.visit)
    const [order, index] = subjectsOf(institution.code, psnNo, world.newId(psnNo))
    const { payToken, visit: mdtrtId } = made
    const payOrdId = order.name.slice(order.name.indexOf(' ') + 1)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: psnNo,
      subjects: [order, index, subject, ...credentialSubjects(psnNo)],
      enter(found): Entered | Refusal {
        const credential = presentedBy(data, found, call)
        if (isRefusal(credential)) return credential
        const registration = { ...asked, credential }
        const parties = partiesOf(registration, found, world.deciding())
        if (made.registers && isRefusal(parties)) return parties
        const entries = fill(found, { data, made, registration, institution: institution.code })
        if (isRefusal(entries)) return entries
        const kept = [orderEntry(order, 'uploaded', made), indexEntry(index, psnNo)]
        return { entries: [...entries, ...kept], result: { payOrdId, payToken, mdtrtId } }
      },
    })
    return tell(outcome, 'entered', world, ({ result }) => {
      const told = result as { payOrdId: string; payToken: string; mdtrtId: string }
      return { output: { data: { ...told, medfeeSumamt: data.medfeeSumamt } } }
    })
  },
})

function refuseUpload(data: Upload, { institution }: Call): Refused | undefined {
  const { ecToken, payAuthNo, mdtrtId, medfeeSumamt: total, feedetailList: lines } = data
  const say = (refused: string): Refused => ({ refused })
  if (data.orgCodg !== institution.code) return say('机构编码与定点医药机构编号不一致。')
  if (ecToken === undefined && payAuthNo === undefined)
    return say('电子凭证令牌ecToken与支付授权码payAuthNo至少填一项。')
  if (ecToken === undefined && mdtrtId === undefined)
    return say('未填电子凭证令牌ecToken时须填就诊ID mdtrtId。')
  if (lines.length === 0) return say('费用明细feedetailList没有内容。')
  const uploaded = sum(lines.map((line) => line.detItemFeeSumamt))
  if (uploaded !== total)
    return say(`费用总额${toYuan(total)}与明细合计${toYuan(uploaded)}不一致。`)
  const { fulamtOwnpayAmt: own, preselfpayAmt: first, inscpScpAmt: scope, overlmtSelfpay } = data
  if (own === undefined || first === undefined || scope === undefined) return undefined
  const parts = sum([own, first, scope, ...(overlmtSelfpay === undefined ? [] : [overlmtSelfpay])])
  return parts === total
    ? undefined
    : say(`全自费、先行自付与符合范围金额之和${toYuan(parts)}不等于费用总额${toYuan(total)}。`)
}

/**
 * The e-credential by the handle that its token was answered with (1162), or else the person by the real-name fields: what
 * proves nothing is taken where readers are trusted alone.
 */
function presentedBy(
  { psnNo: person, idNo, ecToken }: Upload,
  found: Found,
  { institution: { code: institution, cardEvidence } }: Call,
): Credential | Refusal {
  const number = ecToken?.trim() ?? ''
  const shown = authenticated({ type: 'e-card', number }, found, { person, institution })
  if (shown.authentication !== undefined) return shown
  return cardEvidence === 'verified' && ecToken !== undefined
    ? refuse('card-not-authenticated', { institution })
    : { type: 'citizen-number', number: idNo.toUpperCase() }
}

/** The real-name fields name the person. */
async function refusePerson(data: Upload, { world }: Call): Promise<Refused | undefined> {
  const insured = await world.people.byId(data.psnNo)
  const isOwn = insured?.citizenNumber === data.idNo.toUpperCase() && insured.name === data.userName
  return isOwn ? undefined : { refused: '人员编号、证件号码与姓名不属于同一参保人。' }
}

const orderMade = (data: Upload, { world }: Call): OrderMade => ({
  person: data.psnNo,
  visit: data.mdtrtId ?? world.newId(data.psnNo),
  registers: data.mdtrtId === undefined,
  batch: data.chrgBchno,
  total: data.medfeeSumamt,
  useAccount: data.acctUsedFlag !== '0',
  medOrgOrd: data.medOrgOrd,
  payToken: world.newId(data.psnNo),
  revsToken: world.newId(data.psnNo),
})

function registrationOf(data: Upload, { institution, settings }: Call): Registration | Refused {
  const { medType, insutype, begntime, feedetailList: _lines, ...rest } = data
  const care = careOf(settings, medType)
  const scheme = schemeOf(settings, insutype)
  if (!care || !scheme) return { refused: `医疗类别${medType}或险种类型${insutype}本地不支持。` }
  if (refuseStayType(care, medType)) return { refused: '移动支付只用于门诊。' }
  const { emergency, externalInjury } = care
  return {
    kind: 'outpatient',
    institution: institution.code,
    began: begntime,
    day: dayOf(begntime),
    credential: { type: 'citizen-number', number: data.idNo.toUpperCase() },
    about: {
      care: care.care,
      scheme,
      emergency,
      disease: data.diseCodg,
      externalInjury: externalInjury ? { noThirdParty: false } : undefined,
    },
    details: detailsOf({ ...rest, med_type: medType }),
  }
}

/** The visit's entries: registered where it is new, and in any case its lines. */
function fill(
  found: Found,
  {
    data,
    made,
    registration,
    institution,
  }: { data: Upload; made: OrderMade; registration: Registration; institution: string },
): Entered['entries'] | Refusal {
  const subject = visitSubject(made.person, made.visit)
  const first = made.registers ? [register(subject, registration)] : []
  const kept = first.map(({ kind, body }, i) => ({
    version: i + 1,
    kind,
    body,
    institution,
    at: found.now,
  }))
  const visit: Visit | Refusal = made.registers
    ? (readVisit(subject, kept) as Visit)
    : findVisit(found, subject, institution)
  if (isRefusal(visit)) return visit
  const lines = chargeLines(
    visit,
    data.feedetailList.map((row) => ({
      line: lineOf(row),
      batch: data.chrgBchno,
      details: detailsOf(row),
    })),
    found,
  )
  return isRefusal(lines) ? lines : [...first, lines]
}

const lineOf = (row: ReadBy<typeof feedetail>): FeeLine => ({
  id: row.feedetlSn,
  item: row.medListCodg,
  at: dayOf(row.feeOcurTime),
  quantity: row.cnt,
  unitPrice: row.pric,
  amount: row.detItemFeeSumamt,
})
