import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseDay } from '../../../engine/day.ts'
import { viewRules } from '../../../adapters/http/rulesView.ts'
import { loadPacks, loadRules } from '../../../adapters/rulepacks/load.ts'
import { formatProblems, type Problem, RulesInvalid } from '../../../adapters/rulepacks/problem.ts'
import { type Files, good } from './goodPacks.ts'
import { poisons } from './poison.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function directoryOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  folders.push(folder)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

const layerOf = (id: string, payer: string): string =>
  `      - {id: ${id}, name: {zh: 第二, en: Second}, payer: ${payer}, base: copay, pays: {rate: 0.5}, source: rule}\n`

function problemsOf(directory: string): readonly Problem[] {
  try {
    loadRules(directory, { sandbox: true })
  } catch (error) {
    if (error instanceof RulesInvalid) return error.problems
    throw error
  }
  return []
}

describe('good packs', () => {
  test('a byte order mark at the beginning of a file is no matter', () => {
    const marked = Object.entries(good).map(([file, text]) => [file, `\ufeff${text}`] as const)
    expect(problemsOf(directoryOf(Object.fromEntries(marked)))).toEqual([])
  })

  test('a good set loads and compiles', () => {
    const { packs, rulebooks } = loadRules(directoryOf(good), { sandbox: true })
    expect(packs.schemes[0]?.rules[0]?.layers[0]?.payer).toBe('pool')
    expect(rulebooks.of('990100')?.rules).toHaveLength(1)
  })

  test('a pack of invented rules is read in a sandbox only', () => {
    const directory = directoryOf(good)
    expect(loadPacks(directory, { sandbox: true }).packs.overlays).toHaveLength(1)
    expect(loadPacks(directory, { sandbox: false }).packs.overlays).toHaveLength(0)
  })

  test('a layer whose source is invented is marked illustrative', () => {
    const { packs } = loadPacks(directoryOf(good), { sandbox: true })
    expect(packs.overlays[0]?.layers[0]?.illustrative).toBe(true)
    expect(packs.schemes[0]?.rules[0]?.layers[0]?.illustrative).toBe(false)
  })

  test('the hash changes with one byte and with the set of files, not with the place', () => {
    const hashOf = (files: Files): string =>
      loadPacks(directoryOf(files), { sandbox: true }).hashes.whole
    const own = hashOf(good)
    expect(hashOf(good)).toBe(own)
    expect(own).toMatch(/^[0-9a-f]{64}$/)
    const employee = '990100-test/employee.yaml'
    expect(hashOf({ ...good, [employee]: `${good[employee]}\n` })).not.toBe(own)
    const { 'catalogue/list.yaml': _, ...fewer } = good
    expect(hashOf(fewer)).not.toBe(own)
  })

  test('a new fund needs no line of code: its region declares it', () => {
    const employee = '990100-test/employee.yaml'
    const home = '990100-test/region.yaml'
    const text = (good[employee] as string).replace('payer: pool', 'payer: villageFund')
    const funds = 'funds: {villageFund: {zh: 村级互助, en: Village fund}}\n'
    const files = { ...good, [employee]: text, [home]: `${good[home]}${funds}` }
    const { packs, hashes } = loadPacks(directoryOf(files), { sandbox: true })
    expect(viewRules(packs, hashes.whole).on('990100', parseDay('2026-03-02'))).toMatchObject({
      funds: { villageFund: { zh: '村级互助', en: 'Village fund' } },
    })
  })

  test('a fund that several layers name, or an overlay, needs no declaration', () => {
    const employee = '990100-test/employee.yaml'
    const text = good[employee] as string
    const twice = text.replace('payer: pool', 'payer: village') + layerOf('second', 'village')
    expect(problemsOf(directoryOf({ ...good, [employee]: twice }))).toEqual([])
    const overlaid = text + layerOf('second', 'extra')
    expect(problemsOf(directoryOf({ ...good, [employee]: overlaid }))).toEqual([])
  })

  test('a sandbox world and rule cases beside the packs are left alone', () => {
    const files = {
      ...good,
      'sandbox/world.yaml': 'x: [',
      '990100-test/cases/a.yaml': 'x: [',
      'cases/b.yaml': '[',
    }
    expect(problemsOf(directoryOf(files))).toEqual([])
  })

  test('the digits of a rate are kept however many there are', () => {
    const employee = '990100-test/employee.yaml'
    const text = (good[employee] as string).replace('rate: 0.8}', 'rate: 0.900000000000000001}')
    const { packs } = loadPacks(directoryOf({ ...good, [employee]: text }), { sandbox: true })
    const pays = packs.schemes[0]?.rules[0]?.layers[0]?.pays
    const rate = pays?.kind === 'tiers' ? pays.tiers.segments[0]?.rate.rows[0]?.value : undefined
    expect(rate).toEqual({ numerator: 900000000000000001n, denominator: 10n ** 18n })
  })
})

describe('poison packs are refused by file and line within two seconds', () => {
  test('there are at least forty', () => {
    expect(poisons.length).toBeGreaterThanOrEqual(40)
  })

  test.each(poisons.map((poison) => [poison.name, poison] as const))('%s', (_, poison) => {
    const { files, file, line, says } = poison
    const directory = directoryOf(files)
    const started = performance.now()
    const problems = problemsOf(directory)
    const took_ms = performance.now() - started
    const told = problems.find((p) => p.file === file && says.test(p.message))
    const all = formatProblems(problems)
    expect({ told: told !== undefined, all }).toEqual({ told: true, all })
    expect({ line: line === undefined ? undefined : told?.line, all }).toEqual({ line, all })
    expect(took_ms).toBeLessThan(2_000)
  })
})

describe('directories', () => {
  test('a directory that is not there is refused', () => {
    expect(problemsOf('/nowhere/at/all')[0]?.message).toMatch(/no such directory/)
  })

  test('an empty directory is refused, because a server without rules refuses everybody', () => {
    expect(problemsOf(directoryOf({}))[0]?.message).toMatch(/no rule files/)
  })

  test('a file in place of a directory is refused', () => {
    const directory = directoryOf({ 'a.txt': 'x' })
    expect(problemsOf(join(directory, 'a.txt'))[0]?.message).toMatch(/expected a directory/)
  })

  test('a link is refused wherever it points', () => {
    const directory = directoryOf(good)
    symlinkSync('/etc/hostname', join(directory, '990100-test', 'resident.yaml'))
    const [problem] = problemsOf(directory)
    expect(problem).toMatchObject({ file: '990100-test/resident.yaml' })
    expect(problem?.message).toMatch(/a link/)
  })

  test('a linked folder is refused', () => {
    const directory = directoryOf(good)
    symlinkSync('/etc', join(directory, '990200-linked'))
    expect(problemsOf(directory)[0]).toMatchObject({ file: '990200-linked' })
  })

  test('a file that is not UTF-8 is refused', () => {
    const directory = directoryOf(good)
    writeFileSync(join(directory, '990100-test', 'employee.yaml'), Buffer.from([0x61, 0xff]))
    expect(problemsOf(directory)[0]?.message).toMatch(/not UTF-8/)
  })
})

describe('what is told', () => {
  test('every mistake of a file is told at once, in order', () => {
    const employee = '990100-test/employee.yaml'
    const text = (good[employee] as string)
      .replace('rate: 0.85', 'rate: 1.85')
      .replace('mode: visit', 'mode: daily')
      .replace('is: 800', 'is: eight')
    const problems = problemsOf(directoryOf({ ...good, [employee]: text }))
    expect(problems.map((p) => p.line)).toEqual([19, 20, 25])
    expect(formatProblems(problems).split('\n')[0]).toBe(
      `${employee}:19:17: rules[0].layers[0].deductible.mode: found "daily", expected how the ` +
        'deductible is charged 起付线方式: visit, year, quarter, month, firstVisitOfInstitution, yearToppedUp',
    )
  })
})
