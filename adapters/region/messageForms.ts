import type { RegionAsk, RegionReply, StatementRow } from '../../engine/awayClaim.ts'
import { schemes } from '../../engine/claim.ts'
import { awayClaim, credential } from './claimForms.ts'
import { type Kinds, kinds, list, object, optional } from './forms.ts'
import type { Explain } from './needs.ts'
import { refusalForm } from './refusalForm.ts'
import { toldSplit } from './splitForms.ts'
import { visitor } from './visitorForm.ts'
import { code, day, flag, instant, reference, whole, word, yuan } from './words.ts'

type Asked<K extends RegionAsk['kind']> = Omit<Extract<RegionAsk, { readonly kind: K }>, 'kind'>
type Replied<K extends RegionReply['kind']> = Omit<
  Extract<RegionReply, { readonly kind: K }>,
  'kind'
>

/** At most so many rows of a statement at once: a mebibyte holds three times as many. */
export const mostRows = 1_000

const naming = {
  reference: reference('This request'),
  of: reference('The request that is undone'),
  settlement: reference('The request for the settlement that it is all about'),
  institution: code('定点医药机构编号, fixmedins_code', 30),
  person: code('人员编号, psn_no'),
}

/** What may be asked (跨区域请求). */
export const askForm: Kinds<RegionAsk> = kinds<RegionAsk>({
  identify: object<Asked<'identify'>>({ credential }),
  preview: object<Asked<'preview'>>({ claim: awayClaim }),
  settle: object<Asked<'settle'>>({ reference: naming.reference, claim: awayClaim }),
  query: object<Asked<'query'>>({ reference: reference('The request that is asked about') }),
  cancel: object<Asked<'cancel'>>(naming),
  reverse: object<Asked<'reverse'>>(naming),
  statement: object<Asked<'statement'>>({
    side: optional(
      word(
        ['care'],
        'Absent: rows of what the asker treated; `care`: of its people whom the answerer treated',
      ),
    ),
    from: day('First day on which rows were posted'),
    until: day('Last day'),
    after: optional(code('The `next` of the page before', 400)),
    limit: whole('At most so many rows', 1, mostRows),
  }),
})

const row = object<StatementRow>(
  {
    reference: reference('Of the request that made it'),
    kind: word(['settlement', 'cancellation', 'reversal', 'restoration']),
    sequence: whole('Its place in the chain of its settlement', 0, 1_000_000),
    scheme: word(schemes, '险种'),
    postedOn: day('入账日期'),
    total: yuan('医疗费总额'),
    fundTotal: yuan('基金支付总额'),
    account: yuan('个人账户支出'),
    due: yuan('What the home region owes for it'),
  },
  '异地对账明细',
)

/** The kind says it all. */
const nothing = object<object>({})

/** What may be answered (跨区域应答). Sentences of refusals come from whoever knows them. */
export const replyForm = (explain: Explain): Kinds<RegionReply> =>
  kinds<RegionReply>({
    identified: object<Replied<'identified'>>({ visitor }),
    previewed: object<Replied<'previewed'>>({ split: toldSplit }),
    settled: object<Replied<'settled'>>({
      settlement: code("The home region's own id of the settlement"),
      postedAt: instant('When it was posted'),
      split: toldSplit,
      undone: optional(flag('Only to a query: a later request undid it')),
    }),
    cancelled: object<Replied<'cancelled'>>({
      postedAt: instant('When it was posted'),
      affected: list(code('受影响的后续结算'), 1_000),
    }),
    reversed: object<Replied<'reversed'>>({
      as: word(
        ['nothing', 'turned', 'restored'],
        '`nothing`: the original never came and is blocked from now on; `restored`: what was reversed was a cancellation',
      ),
    }),
    refused: object<Replied<'refused'>>({ refusal: refusalForm(explain) }),
    absent: nothing,
    open: nothing,
    statement: object<Replied<'statement'>>({
      rows: list(row, mostRows),
      next: optional(code('Give this as `after` for the next page; absent on the last', 400)),
    }),
  })
