import { analysis } from '../riskAnalysis.ts'

/** 明细审核事中分析服务: the same while a stay goes on, on what was ordered so far. */
export const analyseCourse = analysis('3102', {
  zh: '明细审核事中分析',
  en: 'audit a bill under way',
})
