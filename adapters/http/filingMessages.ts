import type { FilingDocument, Reach } from '../../engine/filingPolicy.ts'
import { type Message, say } from './message.ts'

/** What is said of filings of care away from home (异地就医备案). */
export const filingMessages = {
  'filing-place-unknown': say(
    'Place not known',
    'No pooling area or province that is known here has the division {careRegion}.',
    '就医地区划 {careRegion} 不在统筹区目录内，无法备案。',
  ),
  'filing-not-away': say(
    'Not away from home',
    'The division {careRegion} belongs to the region in which the person is insured; care there needs no filing.',
    '就医地 {careRegion} 属于参保统筹区，无需备案。',
  ),
  'filing-too-wide': say(
    'Filed for too wide a place',
    'The region in which the person is insured takes filings of this kind for a {reach} at the widest, not for {careRegion}.',
    '参保地该类备案的就医地范围最大为{reach}，不能备案到 {careRegion}。',
  ),
  'filing-too-long': say(
    'Filed for too long',
    'A filing of this kind that begins on that day holds until {longest} at the latest, not until {until}.',
    '该类备案的有效期最晚到 {longest}，不能到 {until}。',
  ),
  'filing-too-late': say(
    'Filed too late',
    'What ends on {until} comes too late to be filed on {today}.',
    '备案结束日期 {until} 已超过 {today} 可补办的期限，请核对日期。',
  ),
  'filing-document-missing': say(
    'Document missing',
    'This filing needs one of these documents, and none was shown: {documents}.',
    '缺少备案材料（以下任一）：{documents}。',
  ),
  'filing-stands': say(
    'Another filing stands',
    'Another filing for the same reason stands from {from}: {filing}. Change it or withdraw it.',
    '同类备案 {filing} 自 {from} 起有效，请办理变更或取消。',
  ),
  'filing-over': say(
    'Filing is over',
    'The filing ended on {until}; make another.',
    '该备案已于 {until} 到期，请重新备案。',
  ),
  'filing-change-too-soon': say(
    'Too soon to change',
    'This filing may be changed or withdrawn from {from} on.',
    '该备案自 {from} 起方可变更或取消。',
  ),
  'desk-of-another-region': say(
    'Desk of another region',
    'Filings are made with the region in which the person is insured, {region}; this desk belongs to another.',
    '备案须在参保统筹区 {region} 的经办窗口办理。',
  ),
} as const satisfies Record<string, Message>

export const filingDocumentWords: Readonly<Record<FilingDocument, string>> = {
  'household-register': '户口簿',
  'residence-permit': '居住证明',
  'work-proof': '异地工作证明',
  'referral-opinion': '转诊意见',
  'emergency-record': '急诊病历',
  commitment: '承诺书',
}

export const reachWords: Readonly<Record<Reach, string>> = {
  region: '统筹区',
  province: '省',
  country: '全国',
}
