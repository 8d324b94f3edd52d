import { describe, expect, test } from 'vitest'
import { explain } from '../../../adapters/http/problem.ts'
import { careKinds, schemes } from '../../../engine/claim.ts'
import { agreementKinds } from '../../../engine/institution.ts'
import { refuse } from '../../../engine/refusal.ts'

describe('a refusal in Chinese', () => {
  const said = (facts: Record<string, string>) => ({
    designation: explain(refuse('institution-not-designated', facts)).message,
    rule: explain(refuse('no-rule-for-day', facts)).message,
    credential: explain(refuse('credential-invalid', facts)).message,
  })

  test('says our words as people do, and in English as they are', () => {
    const { designation, rule, credential } = said({
      institution: 'H51010000002',
      day: '2026-03-02',
      agreement: 'pharmacy',
      scheme: 'employee',
      care: 'daySurgery',
      region: '510100',
      type: 'citizen-number',
    })
    expect(designation.zh).toContain('零售药店')
    expect(designation.en).toContain('pharmacy')
    expect(rule.zh).toMatch(/职工基本医疗保险 日间手术/)
    expect(credential.zh).toContain('居民身份证')
  })

  test('leaves no word of ours in English', () => {
    const words = [
      ...agreementKinds.map((agreement) => said({ agreement }).designation.zh),
      ...schemes.map((scheme) => said({ scheme }).rule.zh),
      ...careKinds.map((care) => said({ care }).rule.zh),
    ]
    expect(words.filter((zh) => /[a-z]{3}/i.test(zh))).toEqual([])
  })

  test('writes moments as a desk reads them', () => {
    const lapses = Date.parse('2026-03-07T09:00:00+08:00')
    const { message, facts } = explain(refuse('card-temporarily-lost', { lapses }))
    expect(message.zh).toBe('该卡处于临时挂失期，至 2026-03-07 09:00。')
    expect(facts.lapses).toBe('2026-03-07T09:00:00.000+08:00')
  })

  test('leaves what is no word of ours as it is', () => {
    expect(said({ care: 'constructor' }).rule.zh).toContain('constructor')
  })
})
