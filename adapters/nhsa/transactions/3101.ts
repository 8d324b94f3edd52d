import { analysis } from '../riskAnalysis.ts'

/** 明细审核事前分析服务: what would be found, before anything is prescribed or charged. */
export const analyseBefore = analysis('3101', {
  zh: '明细审核事前分析',
  en: 'audit a bill beforehand',
})
