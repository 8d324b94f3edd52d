import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { isCode, nameOf } from '../../../adapters/nhsa/codes.ts'
import { careOf, clrTypeOf, fundsWithoutSlot, slotOf } from '../../../adapters/nhsa/settings.ts'
import { readSettings, settingsOf, WrongSettings } from '../../../adapters/nhsa/settingsFile.ts'
import {
  credentialTypeOf,
  groupOf,
  hospLvOf,
  insutypeOf,
  levelOf,
  mdtrtCertTypeOf,
  psnTypeOf,
  schemeOf,
} from '../../../adapters/nhsa/translate.ts'
import { loadPacks } from '../../../adapters/rulepacks/load.ts'
import { schemes } from '../../../engine/claim.ts'
import { groups } from '../../../engine/person.ts'
import { compile } from '../../../engine/rulebook.ts'

const file = 'rules/national-interface.yaml'
const settings = readSettings(file)
const chengdu = settings.of('510100')
const guangzhou = settings.of('440100')
const parsed = () => parse(readFileSync(file, 'utf8'), { schema: 'failsafe' })

describe('how a region speaks the interface', () => {
  test('every fund of every pack has a slot', () => {
    const compiled = compile(loadPacks('rules', { sandbox: true }).packs)
    if (compiled.kind !== 'rulebooks') throw new Error('the packs do not compile')
    expect(fundsWithoutSlot(settings, compiled.rulebooks)).toEqual([])
    const { pool: _, 'employee/pool': __, ...slots } = parsed().default.slots
    const without = { ...parsed(), default: { ...parsed().default, slots }, regions: {} }
    expect(fundsWithoutSlot(settingsOf(without, file), compiled.rulebooks)).toEqual([
      'employee/pool in default',
    ])
    expect(() => slotOf(settingsOf(without, file).of('510100'), 'employee', 'pool')).toThrow('slot')
  })

  test('a fund of one name stands elsewhere by scheme and by region', () => {
    expect(slotOf(chengdu, 'employee', 'pool').type).toBe('310100')
    expect(slotOf(chengdu, 'resident', 'pool').type).toBe('390100')
    expect(slotOf(chengdu, 'employee', 'maternity')).toMatchObject({
      field: 'hifp_pay',
      type: '310103',
    })
    expect(slotOf(guangzhou, 'employee', 'maternity')).toMatchObject({
      field: 'oth_pay',
      type: '510100',
    })
  })

  test('a med_type means what its longest prefix means in the region', () => {
    expect(careOf(chengdu, '140104')?.care).toBe('specialOutpatient')
    expect(careOf(chengdu, '9901')?.care).toBe('specialOutpatient')
    expect(careOf(chengdu, '81')).toMatchObject({ care: 'outpatient', externalInjury: true })
    expect(careOf(guangzhou, '81')).toMatchObject({ care: 'workInjury', externalInjury: false })
    expect(careOf(chengdu, '99')).toBeUndefined()
    expect(clrTypeOf(chengdu, 'inpatient')).toBe('21')
    expect(guangzhou.clearing.agency).toBe('440100')
  })

  test('a stay in another hospital stands in the way of an admission, unless a region says otherwise', () => {
    const told = parsed()
    told.regions['510100'] = { stayElsewhere: { value: 'warn', source: 'judgement' } }
    const changed = settingsOf(told, file)
    expect(changed.of('510100').stayElsewhere).toBe('warn')
    expect(changed.of('440100').stayElsewhere).toBe('refuse')
  })

  test('a slip in the file is told with its place', () => {
    const wrong = (change: (data: ReturnType<typeof parsed>) => void): string => {
      const data = parsed()
      change(data)
      try {
        settingsOf(data, file)
        return 'nothing is wrong'
      } catch (error) {
        if (!(error instanceof WrongSettings)) throw error
        return error.message
      }
    }
    expect(wrong((d) => (d.default.slots.pool.field = 'hifp'))).toContain(
      'default.slots.pool.field',
    )
    expect(wrong((d) => (d.default.slots.pool.type = '3101'))).toContain('default.slots.pool.type')
    expect(wrong((d) => (d.default.care['11'].care = 'visit'))).toContain('default.care.11.care')
    expect(wrong((d) => (d.default.account.source = 'rumour'))).toContain('rumour')
    expect(wrong((d) => delete d.default.clearing)).toContain('clearing')
    expect(wrong((d) => (d.surprise = '1'))).toContain(file)
  })
})

describe('codes and our words', () => {
  test('go both ways', () => {
    for (const group of groups) expect(groupOf(psnTypeOf(group))).toBe(group)
    for (const scheme of schemes)
      expect(schemeOf(chengdu, insutypeOf(chengdu, scheme))).toBe(scheme)
    expect(credentialTypeOf(mdtrtCertTypeOf('e-card'))).toBe('e-card')
    expect(levelOf(hospLvOf('tertiary'))).toBe('tertiary')
  })

  test('a province’s longer code is the national one it begins with', () => {
    expect(groupOf('116032')).toBe('working')
    expect(schemeOf(chengdu, '39999')).toBeUndefined()
    expect(schemeOf(chengdu, '391')).toBe('resident')
    expect(schemeOf(chengdu, '320')).toBeUndefined()
    expect(isCode('psn_type', '1404')).toBe(true)
    expect(isCode('flag', '11')).toBe(false)
    expect(isCode('med_type', '00')).toBe(false)
    expect(nameOf('flag', '1')).toBe('是')
    expect(nameOf('med_type', '140104')).toBe('门诊慢特病')
  })
})
