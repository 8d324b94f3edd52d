import { type Static, Type } from 'typebox'
import {
  Care,
  Closed,
  Code,
  Day,
  Division,
  Decimals,
  Flag,
  Institution,
  Scheme,
  Text,
  text,
  Yuan,
} from './words.ts'

const optional = Type.Optional

const Credential = Closed(
  {
    type: Type.Enum(['citizen-number', 'card', 'e-card'], {
      description: 'What was presented (就诊凭证类型, mdtrt_cert_type 02, 03, 01)',
    }),
    number: Code(
      'Citizen number, card number or token of an e-credential (就诊凭证编号)',
      'D80000001',
      400,
    ),
    cardSn: optional(
      Code('Serial of the card (卡识别码, card_sn)', '510100D1560000050100000000000001'),
    ),
    authentication: optional(
      Code('The authentication opened with this card (POST /v1/cards/authentication)', 'A-1', 64),
    ),
  },
  'Shows for whom the claim is (就诊凭证)',
)

export const Line = Closed({
  id: Code('Line number, unique in the claim (费用明细流水号, feedetl_sn)', 'L1', 30),
  item: Code(
    'Item of the national catalogue (医疗目录编码, med_list_codg)',
    'XJ01CAA040B001010100001',
    50,
  ),
  at: optional(Day('Day of this line; default the day of the claim (费用发生日期)')),
  quantity: Decimals(4, 'Quantity, at most four decimals (数量, cnt)', '2'),
  unitPrice: Decimals(6, 'Price of one in yuan, at most six decimals (单价, pric)', '12.5'),
  amount: Yuan('Price times quantity, half up to the fen (明细项目费用总额)'),
})

const Stay = Closed(
  {
    admission: Day('Day of admission (入院日期)'),
    discharge: Day('Day of discharge, or the last day of an interim part (出院日期)'),
    interim: optional(Flag('An interim settlement before discharge (中途结算); default false')),
  },
  'The hospital stay (住院); needed for inpatient care',
)

const Injury = Closed(
  {
    certification: Code('Number of the certification (工伤认定编号)', 'WI-2026-0001', 40),
    diagnoses: Type.Array(Code('Diagnosis (疾病诊断编码)', 'S52.500', 20), {
      minItems: 1,
      maxItems: 50,
    }),
    consent: optional(
      Code('Confirmed consent for rehabilitation, aids or recurrence (确认文书编号)', 'WC-1', 40),
    ),
    recurrence: optional(Flag('A recurrence of an old injury (旧伤复发); default false')),
  },
  'What a work-injury claim shows (工伤)',
)

const Maternity = Closed(
  {
    kind: Code('Kind of delivery or check (生育类别)', 'natural', 40),
    registration: optional(
      Code('Number of the maternity registration (生育登记号)', 'MR-2026-0001', 40),
    ),
    fetuses: optional(
      Type.Integer({ minimum: 1, maximum: 9, description: 'Fetuses (胎儿数); default 1' }),
    ),
  },
  'What a maternity claim shows (生育)',
)

export const claimFields = {
  institution: Institution,
  day: Day('Day of settlement; of discharge for a stay (结算日期)'),
  credential: Credential,
  insuredIn: optional(
    Division(
      'Where the person is insured (参保地, insuplc_admdvs), if elsewhere: that region is asked who they are',
    ),
  ),
  scheme: optional(Scheme('Scheme (险种, insutype); default by coverage and care')),
  care: Care('Kind of care (医疗类别, med_type)'),
  visit: optional(Code('The visit this bill belongs to (就诊ID, mdtrt_id)', 'V2026030200001', 30)),
  stay: optional(Stay),
  useAccount: optional(
    Flag('Pay from the own personal account what it may pay (个人账户使用标志); default false'),
  ),
  familyAccount: optional(
    Flag('Pay from family accounts what they may pay (家庭共济); default false'),
  ),
  injury: optional(Injury),
  externalInjury: optional(
    Closed(
      { noThirdParty: Flag('The declaration that no third party is liable (无第三方责任承诺)') },
      'An external injury (意外伤害, med_type 22)',
    ),
  ),
  maternity: optional(Maternity),
  disease: optional(
    Code('Filed special disease or disease priced as a whole (病种编码, dise_codg)', 'M03900', 30),
  ),
  emergency: optional(Flag('Treated as an emergency (急诊); default false')),
  prescription: optional(
    Closed(
      {
        number: Code('Number of the prescription (处方号, rxno)', 'RX-1', 40),
        circulating: optional(
          Flag('A circulating prescription (处方流转, rx_circ_flag); default false'),
        ),
      },
      'The prescription (处方), for a pooled sale in a pharmacy',
    ),
  ),
  terminal: optional(
    Code(
      'The terminal at which it is settled (终端, dev_no): a region may refuse the same bill twice within seconds there',
      'POS-0001',
      100,
    ),
  ),
  total: Yuan('Sum of the bill (医疗费总额, medfee_sumamt); must equal the lines'),
  lines: Type.Array(Line, { minItems: 1, description: 'The bill, at most 5,000 lines (费用明细)' }),
} as const

export const ClaimBody = Closed(claimFields, 'A claim (结算申请)')
export type ClaimBody = Static<typeof ClaimBody>

export const KeyText = text(
  '^[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?$',
  'The key under which this line may be repeated, bare or in quotes as in the header',
  '2026-03-02-0001',
  '1 to 255 printable ASCII characters',
)

/** One line of a batch: the claim and its key. */
export const BatchLine = Closed({ key: KeyText, ...claimFields }, 'A claim with its key')

export const CancellationBody = Closed({
  institution: Institution,
  reason: optional(Text('Why, in words (撤销原因); kept with the request', 200, '费用录入错误')),
})
export type CancellationBody = Static<typeof CancellationBody>
