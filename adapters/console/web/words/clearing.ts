import { worded } from './domain.ts'

export const categoryName = worded({
  outpatient: ['门诊', 'Outpatient'],
  inpatient: ['住院', 'Inpatient'],
  pharmacy: ['药店', 'Pharmacy'],
  deferred: ['暂缓', 'Deferred'],
  other: ['其他', 'Other'],
})

export const wayName = worded({
  item: ['按项目', 'By item'],
  disease: ['单病种', 'By disease'],
  points: ['DIP', 'Points (DIP)'],
  groups: ['DRG', 'Groups (DRG)'],
  bedDay: ['按床日', 'By bed day'],
  capitation: ['按人头', 'By head'],
  other: ['其他', 'Other'],
})

export const runKindName = worded({
  pair: ['区域间清算', 'Between regions'],
  institution: ['机构清算', 'Institution'],
  netting: ['轧差', 'Netting'],
  final: ['年终清算', 'Year-end'],
})

export const disputeName = worded({
  missingThere: ['对方缺失', 'missing there'],
  missingHere: ['本方缺失', 'missing here'],
  amounts: ['金额不符', 'amounts differ'],
})
