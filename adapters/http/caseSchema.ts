import { type Static, Type } from 'typebox'
import { caseKinds, caseStates } from '../../engine/deskCase.ts'
import { hospitalLevels } from '../../engine/institution.ts'
import { paperReasons } from '../../engine/paperBill.ts'
import { debtorKinds, recoveryReasons } from '../../engine/recovery.ts'
import { resettlementCauses } from '../../engine/resettlement.ts'
import { claimFields, Line } from './claimSchema.ts'
import {
  Closed,
  Code,
  Division,
  Flag,
  Instant,
  PersonId,
  SettlementId,
  Text,
  text,
  Yuan,
} from './words.ts'

const optional = Type.Optional

export const CaseId = Code('The case (业务流水号)', '01JNX3H0000000000000000000ABCD', 30)
const Region = Division('The agency that asks and its region (经办机构所在统筹区)')
const By = Text(
  'Who of its staff does this (经办人); nobody does two steps of one case',
  40,
  '0001',
)
const Note = optional(Text('In words (备注)', 500, '异地急诊，未备案'))
const Reason = Text('Why, in words (理由)', 500, '票据不全')

const plain = (description: string, example: string, most: number) =>
  text(`^[0-9A-Za-z-]{1,${most}}$`, description, example, `1 to ${most} letters, digits or -`)

/** An institution by its number where it is designated here; else as the paper says. */
export const PaperInstitution = Closed(
  {
    code: optional(
      plain(
        'Its number (定点医药机构编号): where it is registered here the rest is known',
        'H51010000001',
        30,
      ),
    ),
    name: optional(Text('Its name as printed (机构名称)', 100, '演示县人民医院')),
    level: optional(Type.Enum(hospitalLevels, { description: 'Its level (医院等级)' })),
    type: optional(
      Type.Enum(['hospital', 'community', 'pharmacy'], { description: 'Default hospital' }),
    ),
    division: optional(Division('Where it is (就医地区划)')),
    province: optional(Division('Its province, where that division is on no map here')),
  },
  'Where the paper bill was made out; nobody need have a contract with it',
)
export type PaperInstitution = Static<typeof PaperInstitution>

const PaperLine = Closed({
  ...Line.properties,
  class: optional(
    Closed(
      {
        class: Type.Enum(['A', 'B', 'C'], { description: '甲, 乙, 丙' }),
        firstSelfPayRate: optional(
          text(
            '^(0(\\.\\d{1,4})?|1)$',
            'First self-payment ratio of class B (先行自付比例)',
            '0.1',
            'a ratio from 0 to 1 with at most 4 decimals',
          ),
        ),
        name: Text('What it is (项目名称)', 100, '自制制剂'),
        kind: optional(Code('What rules may single out, such as bed', 'bed', 40)),
        reason: Text('Why it is of this class (认定理由)', 200, '参照同类目录项目'),
      },
      'Only of an item that no catalogue holds: the class as the desk finds it',
    ),
  ),
})

const {
  institution: _i,
  credential: _c,
  visit: _v,
  familyAccount: _f,
  lines: _l,
  ...bill
} = claimFields

export const ReimbursementBody = Closed(
  {
    region: Region,
    by: By,
    person: PersonId,
    reason: Type.Enum(paperReasons, {
      description: 'Why it was not settled directly (手工报销原因)',
    }),
    note: Note,
    institution: PaperInstitution,
    invoices: Type.Array(
      Closed({
        issuer: optional(
          plain(
            'Who issued it: the code printed on it (票据代码); default the institution',
            '51060123',
            30,
          ),
        ),
        number: plain('Its number (发票号码): paid once for ever', '0012345678', 30),
      }),
      { minItems: 1, maxItems: 50, description: 'The invoices of the bill (票据)' },
    ),
    ...bill,
    lines: Type.Array(PaperLine, {
      minItems: 1,
      description: 'The bill, at most 5,000 lines (费用明细)',
    }),
  },
  'A paper bill (手工报销单据)',
)
export type ReimbursementBody = Static<typeof ReimbursementBody>

const { scheme, care, injury, externalInjury, maternity, disease, emergency, prescription } =
  claimFields

export const ResettlementBody = Closed(
  {
    region: Region,
    by: By,
    cause: Type.Enum(resettlementCauses, { description: 'What came late (补充结算原因)' }),
    note: Note,
    institution: optional(PaperInstitution),
    scheme,
    care: optional(care),
    injury,
    externalInjury,
    maternity,
    disease,
    emergency,
    prescription,
    useAccount: claimFields.useAccount,
    lines: optional(
      Type.Array(Line, {
        minItems: 1,
        description: 'The very lines again, where another catalogue is to classify them',
      }),
    ),
  },
  'What is different now about a settlement (补充结算)',
)
export type ResettlementBody = Static<typeof ResettlementBody>

export const RecoveryBody = Closed(
  {
    region: Region,
    by: By,
    settlement: SettlementId,
    debtor: Closed({
      kind: Type.Enum(debtorKinds, { description: 'From whom: 参保人, 定点机构, 用人单位' }),
      employer: optional(plain('The employer (统一社会信用代码)', '91510100MA6CEXAMPLE', 30)),
    }),
    amount: Yuan('What is to come back; at most what funds paid of it'),
    reason: Type.Enum(recoveryReasons, { description: 'Why (追回原因)' }),
    note: Note,
  },
  'Money to be recovered (追回)',
)
export type RecoveryBody = Static<typeof RecoveryBody>

/** What every later step of a case is asked with. */
export const ActBody = Closed({
  region: Region,
  by: By,
  suspectsChecked: optional(
    Flag('The settlements that look like the same bill were looked at, and are others'),
  ),
})
export type ActBody = Static<typeof ActBody>

export const EndBody = Closed({ region: Region, by: By, reason: Reason })
export const RepaymentBody = Closed({
  region: Region,
  by: By,
  amount: Yuan('What came back'),
  reference: Code('Slip of the bank (到账凭证号): booked once', 'BANK-2026-0001'),
})
export const SetOffBody = Closed({
  region: Region,
  by: By,
  amount: Yuan('What is kept back'),
  against: Closed({
    kind: Type.Enum(['reimbursement', 'resettlement'], { description: 'Of what is to be paid' }),
    id: CaseId,
  }),
})
export const WriteOffBody = Closed({ ...EndBody.properties, amount: Yuan('What nobody will pay') })

const amounts = {
  due: optional(Yuan('What the person is to get')),
  owed: optional(Yuan('What the person owes instead')),
  left: optional(Yuan('What is still to come back')),
  amount: optional(Yuan('What was ordered to be paid')),
}

/** What a step came to, the same to every repeat. */
export const CaseAnswer = Closed({
  id: CaseId,
  kind: Type.Enum(caseKinds, { description: '手工报销, 补充结算, 追回' }),
  state: Type.Enum(caseStates, { description: 'Where it stands now (办理状态)' }),
  approval: optional(Flag('Is a second approval due after the review?')),
  suspects: optional(
    Type.Array(Type.String(), { description: 'Settlements that look like the same bill' }),
  ),
  expected: optional(Type.Unknown({ description: 'What it would come to as things stand' })),
  settlement: optional(SettlementId),
  undone: optional(Type.String({ description: 'The row that undid the settlement before' })),
  affected: optional(
    Type.Array(Type.String(), {
      description: 'Later settlements of the year that were computed with the one before',
    }),
  ),
  overrides: optional(Type.Array(Type.String(), { description: 'What the agency passed over' })),
  reference: optional(Type.String({ description: 'What the bank knows the payment by' })),
  movement: optional(Type.String({ description: 'What booked it' })),
  writeOff: optional(Yuan('What waits to be written off')),
  ...amounts,
})

const Step = Closed({
  kind: Type.String({ description: 'What was done' }),
  at: Instant('When'),
  by: optional(Type.String({ description: 'Who did it; not told to the person it is about' })),
  facts: Type.Object({}, { additionalProperties: true }),
})

/** A case as it stands, with every step of it. */
export const CaseDetail = Closed({
  id: CaseId,
  kind: Type.Enum(caseKinds),
  state: Type.Enum(caseStates),
  region: Region,
  person: PersonId,
  total: Yuan('The bill, or what is to come back'),
  approval: Flag('Is a second approval due?'),
  settlement: optional(SettlementId),
  due: Yuan('What the person is to get'),
  paid: Yuan('What of it was paid or kept back'),
  left: Yuan('What is still to come back'),
  form: Type.Unknown({ description: 'What was entered' }),
  steps: Type.Array(Step, { description: 'What was done, in order (办理记录)' }),
})
export type CaseDetail = Static<typeof CaseDetail>
