import type { FeeLine } from '../../engine/claim.ts'
import { type Kind, may, type Taken } from './field.ts'
import { code, text } from './kinds.ts'

const one = text(100)

/** 溯源码节点 drugtracinfo: a list of objects that hold a code each; bare codes are taken as well. */
const traces: Kind<readonly string[]> = {
  type: '溯源码节点',
  read: (given) => readAll([given]),
  readList: readAll,
  write: (codes) => codes.join(','),
}

function readAll(given: readonly unknown[]): Taken<readonly string[]> {
  const codes: string[] = []
  for (const each of given) {
    const value: unknown =
      typeof each === 'object' && each !== null && 'drug_trac_codg' in each
        ? each.drug_trac_codg
        : each
    if (value === '' || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number')
      return { wrong: '每项须含药品追溯码drug_trac_codg' }
    const taken = one.read(value)
    if ('wrong' in taken) return { wrong: `drug_trac_codg${taken.wrong}` }
    codes.push(taken.value.trim())
  }
  return { value: codes }
}

/** What a line of a bill (2102, 2204, 2301) or of a stock keeper's sale (3505, 3506) tells of its packages. */
export const traceFields = {
  trdn_flag: may(code('flag', 3), '拆零标志'),
  drug_trac_codg: may(one, '药品追溯码'),
  drugtracinfo: may(traces, '溯源码节点信息'),
}

/** The traced packages of a line, each once, whether they come as a field or as a list. */
export function packagesOf(line: {
  readonly trdn_flag?: string | undefined
  readonly drug_trac_codg?: string | undefined
  readonly drugtracinfo?: readonly string[] | undefined
}): Pick<FeeLine, 'packages' | 'loose'> {
  const { trdn_flag, drug_trac_codg, drugtracinfo = [] } = line
  const single = drug_trac_codg?.trim()
  const packages = [...new Set([...(single ? [single] : []), ...drugtracinfo])].filter(Boolean)
  if (packages.length === 0) return {}
  return trdn_flag === '1' ? { packages, loose: true } : { packages }
}
