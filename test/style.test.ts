import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { layerShape } from '../adapters/rulepacks/layerShape.ts'
import { loadPacks } from '../adapters/rulepacks/load.ts'
import { readYaml } from '../adapters/rulepacks/yaml.ts'
import { caseFilesOf } from '../adapters/cli/casesFile.ts'
import { burdenParts, capPeriods, deductibleModes } from '../engine/pack.ts'
import { refusalCodes } from '../engine/refusal.ts'

const root = join(import.meta.dirname, '..')

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))
    .toSorted()
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('refusals', () => {
  test('every code is used in a test', () => {
    const tests = filesIn('test', '.test.ts').filter((file) => file !== 'test/style.test.ts')
    const text = tests.map(read).join('\n')
    const unused = refusalCodes.filter((code) => !text.includes(`'${code}'`))
    expect(unused).toEqual([])
  })
})

/** Every path of field names in a value, with the words that stand there. */
function* fieldsOf(value: unknown): Generator<readonly [key: string, value: unknown, of: object]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, own] of Object.entries(value)) {
    yield [key, own, value]
    yield* fieldsOf(own)
  }
}

describe('rules', () => {
  const cases = caseFilesOf(join(root, 'rules')).flatMap((path) =>
    readdirSync(path).map((name) => relative(root, join(path, name))),
  )
  const packs = loadPacks(join(root, 'rules'), { sandbox: true })
  // A case runs the layers of its own rule, or those of its region's pack.
  const own = cases.map((file) => readYaml(read(file)).value)
  const withCases = new Set(cases.map((file) => file.split('/')[1]))
  const run = [
    ...packs.packs.schemes.filter((pack) => withCases.has(pack.file.split('/')[0])),
    ...packs.packs.overlays.filter((o) =>
      o.regions.some((r) => [...withCases].some((w) => w?.startsWith(r))),
    ),
  ]
  const layers = [...fieldsOf(own)].filter(([key]) => key === 'rule').map(([, value]) => value)
  const seen = [
    ...fieldsOf(layers),
    ...fieldsOf(run.map((pack) => readYaml(read(`rules/${pack.file}`)).value)),
  ]
  const values = (name: string): Set<unknown> =>
    new Set(seen.filter(([key]) => key === name).flatMap(([, value]) => value))

  test('every region with rules has cases', () => {
    for (const pack of packs.packs.schemes)
      expect([...withCases]).toContain(pack.file.split('/')[0])
  })

  test('every field of a layer is exercised by some case', () => {
    const used = new Set(seen.map(([key]) => key))
    expect(Object.keys(layerShape.properties).filter((field) => !used.has(field))).toEqual([])
    for (const field of [
      'rate',
      'tiers',
      'fixed',
      'adjust',
      'times',
      'less',
      'by',
      'first',
      'otherwise',
    ])
      expect(used).toContain(field)
    for (const field of [
      'coefficient',
      'points',
      'firstPay',
      'settlesUnder',
      'acrossYears',
      'scope',
    ])
      expect([
        ...used,
        ...filesIn('rules', '.yaml').flatMap((f) =>
          [...read(f).matchAll(/(\w+):/g)].map((m) => m[1]),
        ),
      ]).toContain(field)
  })

  test('every mode, period and part is exercised by some case', () => {
    expect(deductibleModes.filter((mode) => !values('mode').has(mode))).toEqual([])
    // No city is known that limits a benefit for life; the engine's own test does.
    const engine = read('test/engine/cap.test.ts')
    const periods = capPeriods.filter((per) => !values('per').has(per))
    expect(periods.filter((per) => per !== 'lifetime' || !engine.includes("'lifetime'"))).toEqual(
      [],
    )
    expect(['visit', 'year'].filter((over) => !values('over').has(over))).toEqual([])
    expect(['zero', 'deductible'].filter((from) => !values('countedFrom').has(from))).toEqual([])
    expect(['paid', 'base'].filter((what) => !values('counts').has(what))).toEqual([])
    const parts = new Set([...values('base'), ...values('own'), 'inScope'])
    expect(burdenParts.filter((part) => !parts.has(part))).toEqual([])
  })

  test('every value is cited by a source with a title, a grade and the day somebody confirmed it', () => {
    const { regions, schemes, overlays, catalogues } = packs.packs
    for (const pack of [...regions, ...schemes, ...overlays, ...catalogues])
      for (const source of Object.values(pack.sources)) {
        expect(source.title.length).toBeGreaterThan(3)
        expect(source.confirmed).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        expect(['A', 'B', 'C', 'D', 'illustrative']).toContain(source.grade)
      }
    for (const { file, region, rules } of schemes) {
      const known = new Set([
        ...Object.keys(schemes.find((s) => s.file === file)?.sources ?? {}),
        ...Object.keys(regions.find((r) => r.division === region)?.sources ?? {}),
      ])
      const cited = [...fieldsOf(rules)].filter(
        ([key, id]) => key === 'source' && typeof id === 'string',
      )
      for (const [, id] of cited) expect(known).toContain(id)
      const uncited = [...fieldsOf(rules)].filter(
        ([key, value]) =>
          key === 'layers' && (value as { source?: string }[]).some((layer) => !layer.source),
      )
      expect(uncited).toEqual([])
    }
  })

  test('an invented fund says so in every source', () => {
    for (const { sources } of packs.packs.overlays)
      for (const { title, grade } of Object.values(sources)) {
        expect(grade).toBe('illustrative')
        expect(title).toMatch(/示例，非现行政策/)
      }
  })
})

describe('code', () => {
  const code = [...filesIn('engine', '.ts'), ...filesIn('adapters', '.ts')]

  test('no file is longer than 300 lines', () => {
    expect(code.filter((file) => read(file).trimEnd().split('\n').length > 300)).toEqual([])
  })

  test('no function of the engine is longer than 60 lines', () => {
    const long = filesIn('engine', '.ts').flatMap((file) => {
      const lines = read(file).split('\n')
      return lines.flatMap((line, i) => {
        if (!/^(export )?(async )?function /.test(line)) return []
        const end = lines.findIndex((other, j) => j > i && other === '}')
        return end - i > 60 ? [`${file}:${i + 1}`] : []
      })
    })
    expect(long).toEqual([])
  })

  test('every noun that the engine exports has a sentence', () => {
    const bare = filesIn('engine', '.ts').flatMap((file) => {
      const lines = read(file).split('\n')
      return lines.flatMap((line, i) => {
        const [, name] = /^export (?:interface|class|type) (\w+)/.exec(line) ?? []
        // A type that only lists the words of the constant above it shares its sentence.
        if (name === undefined || /= \(typeof \w+\)\[number\]$/.test(line)) return []
        return lines[i - 1]?.endsWith('*/') ? [] : [`${file}: ${name}`]
      })
    })
    expect(bare).toEqual([])
  })

  test('the engine imports nothing but itself, and decimal.js in money.ts', () => {
    const foreign = filesIn('engine', '.ts').flatMap((file) =>
      [...read(file).matchAll(/from '([^']+)'/g)]
        .map(([, from]) => from as string)
        .filter(
          (from) =>
            !from.startsWith('./') && !(file === 'engine/money.ts' && from === 'decimal.js'),
        )
        .map((from) => `${file}: ${from}`),
    )
    expect(foreign).toEqual([])
  })

  test('wire names of the national interface stand in docstrings alone', () => {
    const wire =
      /\b(insutype|med_type|mdtrt_id|hifp_pay|psn_no|medfee_sumamt|fixmedins_code|setl_id)\b/
    const strays = filesIn('engine', '.ts').flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => wire.test(line) && !/^\s*(\/?\*|\/\/)/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(strays).toEqual([])
  })
})

describe('words', () => {
  const readme = read('engine/README.md')

  test('every file of the engine is in its list', () => {
    const missing = filesIn('engine', '.ts').filter(
      (file) => !readme.includes(`\`${file.slice('engine/'.length)}\``),
    )
    expect(missing).toEqual([])
  })

  test('every file in the list is there', () => {
    const named = [...readme.matchAll(/`(\w+\.ts)`/g)].map(([, name]) => `engine/${name}`)
    expect(named.filter((file) => !filesIn('engine', '.ts').includes(file))).toEqual([])
  })

  test('every amount of a settlement is among the words', () => {
    const amounts =
      /export interface Amounts \{([\s\S]*?)\n\}/.exec(read('engine/settlement.ts'))?.[1] ?? ''
    const names = [...amounts.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name as string)
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !readme.includes(`| ${name} |`))).toEqual([])
  })
})
