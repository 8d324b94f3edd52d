import type { Visitor, VisitorCard } from '../../engine/awayClaim.ts'
import { cardVersions, pinStates } from '../../engine/card.ts'
import type { Span } from '../../engine/day.ts'
import { schemes } from '../../engine/claim.ts'
import { filingKinds } from '../../engine/filingPolicy.ts'
import {
  type Coverage,
  type FiledDisease,
  type Filing,
  groups,
  type Person,
} from '../../engine/person.ts'
import { type Form, list, object, optional } from './forms.ts'
import { code, day, division, flag, text, whole, word, yuan } from './words.ts'

const most = 500
const span = { from: day('First day'), until: optional(day('Last day; absent while open')) }

const kindOfSpan = object<{ readonly kind: string } & Span>({ kind: code('Kind'), ...span })

const coverage = object<Coverage>(
  {
    ...span,
    scheme: word([...schemes, 'civilServant', 'enterpriseSupplement'], '险种, insutype'),
    region: division('参保地, insuplc_admdvs'),
    group: word(groups, '人员类别, psn_type'),
    paused: optional(day('暂停参保日期, paus_insu_date')),
    premiumTier: optional(code('缴费档次')),
    contributionMonths: optional(whole('连续缴费月数', 0, 9999)),
  },
  '参保信息, insuinfo',
)

const disease = object<FiledDisease>(
  {
    ...span,
    code: code('病种编码'),
    name: text('病种名称'),
    institutions: optional(list(code('定点医药机构编号'), most)),
  },
  '门诊慢特病备案',
)

const filing = object<Filing>(
  {
    ...span,
    kind: word(['long-term', 'referral', 'emergency', 'other'], '备案类别'),
    careRegion: code('就医地: a division, a province, or country'),
    as: optional(word(filingKinds, '备案类别细分')),
    home: optional(division('参保地')),
    filedOn: optional(day('备案日期')),
    number: optional(code('备案编号')),
  },
  '异地就医备案',
)

/** Injuries, maternity and family accounts stay at home: the home region looks at them when it computes. */
type Told = Omit<Person, 'injuries' | 'maternity' | 'familyShares'>

const told = object<Told>({
  id: code('人员编号, psn_no'),
  birth: day('出生日期'),
  sex: word(['male', 'female'], '性别'),
  coverages: list(coverage, most),
  civilServant: flag('公务员标志'),
  identities: list(kindOfSpan, most),
  benefits: list(kindOfSpan, most),
  diseases: list(disease, most),
  filings: list(filing, most),
  died: optional(day('死亡日期')),
  directSettlementSuspended: optional(object<Span>(span, '暂停联网结算')),
})

const person: Form<Person> = {
  ...told,
  read: (wire) => ({ ...told.read(wire), injuries: [], maternity: [], familyShares: [] }),
}

const card = object<VisitorCard>(
  {
    number: code('社会保障卡卡号, cardno'),
    serial: code('卡识别码, card_sn'),
    version: word(cardVersions, '卡规范版本'),
    pin: word(pinStates, 'PIN状态'),
    issued: day('发卡日期'),
    expires: day('有效期至'),
    photo: flag('有照片'),
    managedIn: division('卡管理地'),
  },
  'The card that they showed (社会保障卡), which may be used now',
)

export const visitor = object<Visitor>(
  {
    person,
    name: text('人员姓名', 100),
    citizenNumber: code('证件号码, certno', 40),
    region: division('参保地 of the coverage in force'),
    balance: yuan('个人账户余额, balc'),
    card: optional(card),
  },
  'The insured person as far as a care region has to know them (异地参保人信息)',
)
