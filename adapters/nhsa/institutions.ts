import type { Institution } from '../../engine/institution.ts'

/** What an institution is (定点医疗服务机构类型, fixmedins_type): 1 a hospital, 2 a pharmacy. */
export const fixmedinsTypeOf = ({ type }: Pick<Institution, 'type'>): string =>
  type === 'pharmacy' ? '2' : '1'
