import { type Static, Type } from 'typebox'
import { crossingStates } from '../../engine/crossing.ts'
import { Closed, Division, Flag, Institution, Instant, Next, text } from './words.ts'

export const Reference = text(
  '^[\\x20-\\x7e]{1,300}$',
  'What both regions know the request by: its institution and its key (or msgid)',
  'H51010000001 H51010000001202603020900000001',
  '1 to 300 printable ASCII characters',
)

const State = Type.Enum([...crossingStates], {
  description:
    'asked 已发起, unsent 未发出, unknown 结果未知, done 成功, refused 被拒, reversing 冲正中, reversed 已冲正',
})

const fields = {
  reference: Reference,
  purpose: Type.Enum(['settle', 'cancel', 'restore'], {
    description: 'What the other region is asked to do',
  }),
  state: State,
  region: Division('The region that is asked'),
  institution: Institution,
  settlement: Type.String({ description: 'The reference of the settlement that it is about' }),
  askedAt: Instant('When it was asked'),
  since: Instant('Since when it stands so'),
}

/** A request to another region that is not over. */
export const CrossingAnswer = Closed({
  ...fields,
  attempts: Type.Integer({ description: 'How often it was looked at since' }),
  dueAt: Instant('When it is looked at next'),
  alarm: Flag('Somebody should look at it: six attempts brought no word'),
})
export type CrossingAnswer = Static<typeof CrossingAnswer>

export const CrossingList = Closed({
  asOf: Instant('What the server’s clock says: ages count from it'),
  items: Type.Array(CrossingAnswer),
  next: Next,
  counts: Type.Array(
    Closed({
      state: State,
      count: Type.Integer(),
      oldestSeconds: Type.Integer({ description: 'How long ago the oldest of them was asked' }),
    }),
  ),
})

export const CrossingDetail = Closed({
  ...fields,
  history: Type.Array(Closed({ state: State, at: Instant('When'), by: Type.String() })),
})
export type CrossingDetail = Static<typeof CrossingDetail>

export const RetryBody = Closed({ reference: Reference })
export const RetryAnswer = Closed({
  reference: Reference,
  retried: Flag('False where it is over already, or never was'),
})
