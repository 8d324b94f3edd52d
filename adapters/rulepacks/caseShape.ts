import Type, { type Static, type TProperties } from 'typebox'
import { careKinds, catalogueFunds, schemes } from '../../engine/claim.ts'
import { filingKinds } from '../../engine/filingPolicy.ts'
import { agreementKinds, hospitalLevels } from '../../engine/institution.ts'
import { groups } from '../../engine/person.ts'
import { expectShape, messageShape } from './expectShape.ts'
import { inlineLayers, inlineRule } from './inlineShape.ts'
import { className } from './layerShape.ts'
import {
  anyWord,
  closed,
  count,
  day,
  division,
  emptyOrList,
  leaf,
  list,
  maybe,
  named,
  oneOf,
  price,
  quantity,
  rate,
  text,
  truth,
  word,
  yuan,
} from './shapes.ts'

const words = (what: string) => emptyOrList(anyWord, what)
const span = { from: maybe(day), until: maybe(day) }

const personShape = closed(
  {
    scheme: maybe(oneOf(schemes, 'a scheme 险种')),
    group: maybe(oneOf(groups, 'a population group 人员类别')),
    age: maybe(count),
    civilServant: maybe(truth('is the person a civil servant 公务员?')),
    premiumTier: maybe(anyWord),
    identities: maybe(words('identity classes 人员身份, such as minimum-living')),
    contributionMonths: maybe(count),
    benefits: maybe(words('benefits being drawn, such as unemployment')),
    diseases: maybe(
      emptyOrList(
        Type.Union([
          anyWord,
          closed({
            code: anyWord,
            name: maybe(text('a name')),
            ...span,
            institutions: maybe(words('codes')),
          }),
        ]),
        'filed special outpatient diseases 慢特病备案',
      ),
    ),
    coverages: maybe(
      list(
        closed({
          scheme: oneOf([...schemes, 'civilServant', 'enterpriseSupplement'], 'a scheme 险种'),
          group: maybe(oneOf(groups, 'a population group 人员类别')),
          ...span,
          paused: maybe(day),
        }),
        'rows of coverage, where one scheme and group do not say it all',
      ),
    ),
  },
  'who is treated',
)

const institutionShape = closed(
  {
    level: maybe(oneOf(hospitalLevels, 'a hospital level 医院等级')),
    type: maybe(word),
    deductibleLevel: maybe(oneOf(hospitalLevels, 'the level for deductibles and ratios')),
    priceLevel: maybe(oneOf(hospitalLevels, 'the level for price ceilings')),
    code: maybe(anyWord),
    agreements: maybe(
      emptyOrList(oneOf(agreementKinds, 'an agreement'), 'agreements; default all'),
    ),
  },
  'where',
)

const lineShape = closed(
  {
    id: maybe(anyWord),
    date: maybe(day),
    item: maybe(anyWord),
    price: maybe(price),
    quantity: maybe(quantity),
    amount: maybe(yuan),
    class: maybe(className),
    limit: maybe(price),
    firstSelfPayRate: maybe(rate),
    funds: maybe(emptyOrList(oneOf(catalogueFunds, 'a fund'), 'whose catalogue it stands in')),
    kind: maybe(anyWord),
  },
  'a fee line; with a class it needs no catalogue; class 乙 without a rate is 0.10',
)

const familyAccount = closed({ balance: yuan, relation: maybe(anyWord) })
const familyShape = Type.Union([yuan, list(familyAccount, 'family accounts'), familyAccount], {
  description: 'the balance of a family account 家庭共济, {balance, relation}, or a list of them',
})

/** Fields that may be left to their usual values by writing true. */
const orTrue = <P extends TProperties>(fields: P, what: string) =>
  Type.Union([truth(what), closed(fields)], { description: `${what}: true, or its fields` })

const injuryShape = orTrue(
  {
    certified: maybe(truth('is the injury certified 工伤认定? default true')),
    certification: maybe(anyWord),
    diagnoses: maybe(words('what is treated')),
    certifiedDiagnoses: maybe(words('what is certified; default: what is treated')),
    employer: maybe(text('the employer')),
    ...span,
    consent: maybe(anyWord),
    recurrence: maybe(truth('a recurrence 旧伤复发?')),
  },
  'a work injury 工伤',
)

const maternityShape = orTrue(
  {
    kind: maybe(anyWord),
    registration: maybe(anyWord),
    registered: maybe(truth('registered 生育登记? default true')),
    fetuses: maybe(count),
  },
  'a delivery or check 生育',
)

const prescriptionShape = orTrue(
  { number: maybe(anyWord), circulating: maybe(truth('an external one 外配处方?')) },
  'a prescription 处方',
)

const bill = {
  lines: maybe(list(lineShape, 'fee lines', 5000)),
  inScope: maybe(yuan),
  total: maybe(yuan),
}

const stayShape = closed(
  {
    admission: maybe(day),
    discharge: maybe(day),
    interim: maybe(truth('an interim settlement 中途结算?')),
    earlierParts: maybe(
      Type.Union(
        [count, list(closed({ day: maybe(day), ...bill }), 'earlier parts of this stay')],
        {
          description:
            'how many parts were settled before (they took up the deductible), or the parts',
        },
      ),
    ),
  },
  'a hospital stay 住院',
)

const accumulators = named(yuan, '^[A-Za-z][A-Za-z0-9.-]{0,79}$', 'accumulators so far 累计')

/** What one visit of a case is made of; a visit of a sequence gives only what differs. */
const visit = {
  day: maybe(day),
  person: maybe(personShape),
  institution: maybe(institutionShape),
  care: maybe(oneOf(careKinds, 'a kind of care 医疗类别')),
  scheme: maybe(oneOf(schemes, 'the scheme claimed under, if not the person’s')),
  stay: maybe(stayShape),
  crossRegion: maybe(
    closed(
      {
        careRegion: maybe(division),
        reason: maybe(oneOf(['long-term', 'referral', 'emergency', 'other'], 'why away')),
        filed: maybe(truth('filed 备案? default true for long-term and referral')),
        filings: maybe(
          emptyOrList(
            closed({
              kind: oneOf(filingKinds, 'what it was filed as 备案类别'),
              careRegion: maybe(
                leaf(
                  'a division, a province, or country; default where treated',
                  '^(\\d{6}|country)$',
                ),
              ),
              from: day,
              until: maybe(day),
              filedOn: maybe(day),
            }),
            'the filings themselves, where reason and filed do not say it all',
            20,
          ),
        ),
      },
      'treated away from home 异地就医',
    ),
  ),
  injury: maybe(injuryShape),
  externalInjury: maybe(closed({ noThirdParty: truth('declared that no third party is liable?') })),
  maternity: maybe(maternityShape),
  disease: maybe(anyWord),
  prescription: maybe(prescriptionShape),
  emergency: maybe(truth('treated as an emergency 急诊?')),
  account: maybe(
    closed(
      {
        use: maybe(truth('pay from the account?')),
        balance: maybe(yuan),
        family: maybe(familyShape),
      },
      'personal account 个人账户',
    ),
  ),
  before: maybe(accumulators),
  terminal: maybe(anyWord),
  sameBill: maybe(
    closed(
      { seconds: count, terminal: maybe(anyWord) },
      'the very same bill was settled so long before, at a terminal 疑似重复',
    ),
  ),
  ...bill,
}

export const caseShape = closed(
  {
    name: text('what the case shows'),
    label: maybe(text('a short mark, such as the grade of its numbers')),
    region: maybe(division),
    ...visit,
    visits: maybe(list(closed({ ...visit, expect: expectShape }), 'a sequence', 100)),
    rule: maybe(Type.Union([inlineLayers, inlineRule], { description: 'layers, or {layers, …}' })),
    message: maybe(messageShape),
    expect: maybe(expectShape),
    source: maybe(text('where the numbers come from')),
    note: maybe(text('a remark')),
  },
  'a rule case',
)

/** `jiesuan cases` reads a list; `jiesuan split` reads one case without expect. */
export const caseFile = list(caseShape, 'a list of rule cases', 1000)

export type CaseFields = Static<typeof caseShape>
export type VisitFields = NonNullable<CaseFields['visits']>[number]
export type PersonFields = Static<typeof personShape>
export type LineFields = Static<typeof lineShape>

/** What `jiesuan split` reads: a case that need have no name. */
export const claimFile = closed({
  ...caseShape.properties,
  name: maybe(caseShape.properties.name),
})
