import { takeBackAdmission } from '../../../engine/stays.ts'
import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** The transactions whose outcome may be taken back without being known (decision 15). */
const reversible: ReadonlySet<string> = new Set([
  '2102',
  '2103',
  '2207',
  '2208',
  '2304',
  '2305',
  '2401',
])

/**
 * Takes back whatever became of an earlier request (冲正): settled, cancelled, refused, or never arrived, in which case it
 * is refused once it does arrive. Asked again, under whatever msgid, it answers the same.
 */
export const reverseRequest = transaction({
  infno: '2601',
  name: { zh: '冲正交易', en: 'reverse a request' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      omsgid: must(text(30), '原发送方报文ID'),
      // Four characters in the document; a client that sent 2207A says 2207A.
      oinfno: must(text(5), '原交易编号'),
    }),
  },
  output: {},
  writes: true,
  async handle({ data }, { envelope, institution: { code }, key, submit, world }) {
    const { psn_no: person, omsgid } = data
    const oinfno = withoutSuffix(data.oinfno)
    if (!reversible.has(oinfno))
      return { refused: `交易${oinfno}不能冲正；可以冲正的是${[...reversible].join('、')}。` }
    if (!omsgid.startsWith(code) || omsgid === envelope.msgid)
      return { refused: `原发送方报文ID${omsgid}不是本机构先前请求的报文ID。` }
    const outcome = await submit({
      kind: 'reverse',
      key,
      institution: code,
      original: { institution: key.institution, key: omsgid },
      person,
      matches: (input) => infnoOf(input) === oinfno,
      takeBack: takeBackAdmission({ person, institution: code }),
    })
    return tell(outcome, 'reversed', world, () => ({ output: {} }))
  },
})

const withoutSuffix = (infno: string): string => infno.slice(0, 4)

/** The transaction that a request was, as its key keeps it; nothing where it came over another interface. */
function infnoOf(input: string): string | undefined {
  const { infno } = JSON.parse(input) as { infno?: unknown }
  return typeof infno === 'string' ? withoutSuffix(infno) : undefined
}
