import { type Static, Type } from 'typebox'
import { filingDocuments, filingKinds } from '../../engine/filingPolicy.ts'
import { filingStates } from '../../engine/filingsTold.ts'
import { Closed, Code, Day, Division, Instant, PersonId, Scheme, Text, text } from './words.ts'

const optional = Type.Optional

const Desk = Closed(
  {
    division: Division('The division of the desk (经办窗口所在区划): one of the home region'),
    operator: Code('Who stands behind it (经办人)', 'op1', 40),
  },
  'The desk that does it; left out by the insured themselves',
)

const CareRegion = text(
  '^(\\d{6}|country)$',
  'For where (就医地): a division of a pooling area, a province, or `country`, as far as the home region lets it',
  '440100',
  'a division of six digits such as 440100, or country',
)

const documents = optional(
  Type.Array(
    Closed({
      type: Type.Enum(filingDocuments, { description: '备案材料类型' }),
      number: optional(Code('Its number, where it has one; never shown again', 'R-2026-0001', 60)),
    }),
    { maxItems: 10, description: 'What was shown (备案材料)' },
  ),
)

const asked = {
  desk: optional(Desk),
  documents,
  contact: optional(Code('A telephone number (联系电话)', '000-0000', 40)),
  note: optional(Text('A remark (备注)', 200, '演示')),
}
const override = optional(
  Text('Why a desk does it before its time; recorded (提前办理原因)', 200, '登记有误'),
)

export const FilingNumber = Code(
  'The filing (备案编号, trt_dcla_detl_sn)',
  '01JNX3H0000000000000000000ABCD',
  30,
)

export const FilingBody = Closed({
  ...asked,
  kind: Type.Enum(filingKinds, { description: '备案类别' }),
  careRegion: CareRegion,
  scheme: optional(Scheme('Default: the medical scheme that the person has')),
  from: Day('First day (开始日期)'),
  until: optional(Day('Last day (结束日期); default: as long as the home region lets it hold')),
})
export type FilingBody = Static<typeof FilingBody>

export const FilingChangeBody = Closed({
  ...asked,
  override,
  careRegion: optional(CareRegion),
  until: optional(Day('Last day from now on')),
})
export type FilingChangeBody = Static<typeof FilingChangeBody>

export const FilingWithdrawalBody = Closed({ desk: asked.desk, note: asked.note, override })
export type FilingWithdrawalBody = Static<typeof FilingWithdrawalBody>

const word = (description: string) => Type.String({ description })

const told = {
  kind: word('备案类别'),
  reason: word('Why away, as rules match on it: long-term, referral, emergency, other'),
  careRegion: word('就医地'),
  from: Day('First day'),
  until: optional(Day('Last day; absent where it has no end')),
  filedOn: Day('The day on which it was made, or changed last (备案日期)'),
  changeableFrom: Day('From then on it may be changed or withdrawn'),
}

export const FilingAnswer = Closed({
  filing: FilingNumber,
  ...told,
  home: Division('The region that it is filed with (参保地)'),
})

export const FilingWithdrawn = Closed({
  filing: FilingNumber,
  withdrawn: Day('The first day on which it counts no more'),
})

export const FilingsAnswer = Closed({
  person: PersonId,
  items: Type.Array(
    Closed({
      ...told,
      filing: optional(FilingNumber),
      kind: optional(told.kind),
      home: optional(Division('参保地')),
      filedOn: optional(told.filedOn),
      changeableFrom: optional(told.changeableFrom),
      state: Type.Enum(filingStates, { description: '备案状态' }),
      history: Type.Array(
        Closed({
          what: word('filed, changed or withdrawn'),
          at: Instant('When it was done'),
          by: word('The desk, the institution, or the insured'),
          operator: optional(word('经办人')),
          careRegion: optional(word('就医地')),
          from: optional(Day('From when')),
          until: optional(Day('Until when')),
          documents: Type.Array(word('备案材料类型')),
          override: optional(word('提前办理原因')),
        }),
        { description: 'What was done, the first first (办理记录)' },
      ),
    }),
    {
      description: 'The newest first; those entered with the person have no number and no history',
    },
  ),
})
export type FilingsAnswer = Static<typeof FilingsAnswer>
