import type { AwayClaim, AwayCredential } from '../../engine/awayClaim.ts'
import {
  type Claim,
  careKinds,
  chargeClasses,
  type InjuryClaim,
  type MaternityClaim,
  mostLines,
  type Prescription,
  proofs,
  schemes,
  type Stay,
  type VisitSums,
} from '../../engine/claim.ts'
import { eCredentialKinds } from '../../engine/eCard.ts'
import { agreementKinds, hospitalLevels } from '../../engine/institution.ts'
import type { ScopedInstitution, ScopedLine } from '../../engine/scoped.ts'
import { Type } from 'typebox'
import { type Form, list, object, optional } from './forms.ts'
import { code, day, division, flag, text, whole, word, yuan } from './words.ts'

export const credential = object<AwayCredential>(
  {
    type: word(
      ['citizen-number', 'card', 'e-card'],
      'What was presented (就诊凭证类型, mdtrt_cert_type 02, 03, 01)',
    ),
    number: code('Its number (就诊凭证编号)', 400),
    cardSn: optional(code('Serial of the card (卡识别码, card_sn)')),
    proof: optional(word(proofs, 'How the care region proved it (鉴权方式)')),
    pinChecked: optional(flag('The PIN was entered and right (密码已校验)')),
    eCredential: optional(word(eCredentialKinds, 'Which e-credential it is')),
  },
  'Shows who was treated (就诊凭证)',
)

const institution = object<ScopedInstitution>(
  {
    code: code('定点医药机构编号, fixmedins_code', 30),
    type: text('Kind of institution (机构类别)', 40),
    level: word(hospitalLevels, '医院等级'),
    deductibleLevel: word(hospitalLevels, '起付线医院等级, dedc_hosp_lv'),
    agreements: list(word(agreementKinds, '协议'), agreementKinds.length),
  },
  'The institution as the home region needs to know it (定点医药机构)',
)

const line = object<ScopedLine>(
  {
    id: code('费用明细流水号, feedetl_sn'),
    item: code('医疗目录编码, med_list_codg'),
    day: day('费用发生日期'),
    amount: yuan('明细项目费用总额'),
    class: word(chargeClasses, 'A 甲, B 乙, C 丙, by the catalogue of the care region'),
    name: optional(text('目录名称, hilist_name')),
    kind: optional(text('What rules single out, such as `negotiated` 谈判药品', 64)),
    selfPaid: yuan('全自费, fulamt_ownpay_amt'),
    overLimit: yuan('超限价, overlmt_selfpay'),
    firstSelfPay: yuan('先行自付, preselfpay_amt'),
    inScope: yuan('符合政策范围, inscp_scp_amt'),
    source: optional(text('The catalogue entry used')),
  },
  'A line in four parts that add up to it (费用明细)',
)

const stay = object<Stay>(
  {
    admission: day('入院日期'),
    discharge: day('出院日期'),
    interim: flag('An interim settlement (中途结算)'),
  },
  '住院',
)

const injury = object<InjuryClaim>(
  {
    certification: code('工伤认定编号'),
    diagnoses: list(code('疾病诊断编码'), 100),
    consent: optional(code('确认文书编号')),
    recurrence: flag('旧伤复发'),
  },
  '工伤',
)

const maternity = object<MaternityClaim>(
  {
    kind: code('生育类别'),
    registration: optional(code('生育登记号')),
    fetuses: whole('胎儿数', 0, 99),
  },
  '生育',
)

const prescription = object<Prescription>(
  { number: code('处方号, rxno'), circulating: flag('处方流转, rx_circ_flag') },
  '处方',
)

const scoped = object<AwayClaim['scoped']>(
  {
    careRegion: division('The region that treated: the sender (就医地, mdtrtarea_admvs)'),
    institution,
    day: day('Day of settlement (结算日期)'),
    care: word(careKinds, '医疗类别, med_type'),
    visit: optional(code('就诊ID, mdtrt_id')),
    stay: optional(stay),
    useAccount: flag('Pay from the own account what it may pay (个人账户使用标志)'),
    useFamilyAccount: flag('Pay from family accounts what they may pay (家庭共济)'),
    injury: optional(injury),
    maternity: optional(maternity),
    disease: optional(code('病种编码, dise_codg')),
    emergency: flag('Counts as filed (急诊视同备案)'),
    prescription: optional(prescription),
    accountOnly: optional(flag('Paid from accounts alone (小额快速支付)')),
    total: yuan('Sum of the lines (医疗费总额, medfee_sumamt)'),
    lines: list(line, mostLines),
  },
  'The bill as the catalogue and the prices of the care region have classified it (就医地目录)',
)

const sumsSchema = Type.Record(Type.String({ pattern: '^[^\\p{Cc}]{1,200}$' }), wholeNumber(), {
  additionalProperties: false,
})

function wholeNumber() {
  return Type.String({ pattern: '^-?\\d{1,20}$', description: 'A whole number as text' })
}

const sums: Form<VisitSums['sums']> = {
  schema: sumsSchema,
  lenient: sumsSchema,
  read: (wire) => wire as VisitSums['sums'],
  write: (value) => value,
}

export const visitSums = object<VisitSums>(
  { under: code('The rule that counts', 300), sums },
  'What the bills of one outpatient visit count together (同次就诊累计)',
)

const externalInjury = object<NonNullable<Claim['externalInjury']>>(
  { noThirdParty: flag('无第三方责任承诺') },
  '意外伤害, med_type 22',
)

export const awayClaim = object<AwayClaim>(
  {
    scoped,
    credential,
    scheme: optional(word(schemes, '险种, insutype; default by coverage and care')),
    externalInjury: optional(externalInjury),
    earlier: optional(list(visitSums, 200)),
  },
  'A bill of somebody treated away from home (异地就医结算申请)',
)
