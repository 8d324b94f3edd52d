import { basename, dirname } from 'node:path'
import type { TSchema } from 'typebox'
import type { Catalogue, Overlay, Packs, Path, SchemePack } from '../../engine/pack.ts'
import type { PoolingArea } from '../../engine/route.ts'
import { compile, type Rulebooks } from '../../engine/rulebook.ts'
import { checkShape } from './check.ts'
import { type AreasFields, areasFile, decodeAreas } from './areas.ts'
import { decodeCatalogue, decodeOverlay, decodeRegion, decodeScheme } from './decode.ts'
import { type FileKind, hashOf, readRuleFiles, type RuleText } from './files.ts'
import {
  type CatalogueFields,
  catalogueFile,
  type OverlayFields,
  overlayFile,
  type RegionFields,
  regionFile,
  type SchemeFields,
  schemeFile,
} from './packShapes.ts'
import { checkPayers, type PackedRegion, type RegionPacks } from './funds.ts'
import { type Complaint, type Position, type Problem, RulesInvalid } from './problem.ts'
import { checkAccumulators, checkPlaces, checkSources } from './references.ts'
import { collect, type Say } from './tables.ts'
import { type ReadText, readYaml, type Value } from './yaml.ts'

export interface LoadOptions {
  /** In a sandbox, packs of invented rules are read as well. */
  readonly sandbox: boolean
}

export interface LoadedPacks {
  readonly packs: RegionPacks
  readonly hashes: Hashes
  /** Turns a place in a pack back into a line and a column of its file. */
  readonly locate: (file: string, path: Path) => Position
}

/** SM3 of each file by name, and of all of them together. */
export interface Hashes {
  readonly whole: string
  readonly files: Readonly<Record<string, string>>
}

const shapes: Record<FileKind, TSchema> = {
  scheme: schemeFile,
  region: regionFile,
  overlay: overlayFile,
  catalogue: catalogueFile,
  areas: areasFile,
}

interface Parsed {
  readonly file: string
  readonly kind: FileKind
  readonly read: ReadText
}

/** Reads and decodes every rule file of a directory, or throws RulesInvalid with everything that is wrong. */
export function loadPacks(directory: string, options: LoadOptions): LoadedPacks {
  const texts = readRuleFiles(directory)
  const { packs, locate } = decodeTexts(texts, options)
  const { regions, areas, schemes, overlays, catalogues } = packs
  const used = new Set(
    [...regions, ...areas, ...schemes, ...overlays, ...catalogues].map((p) => p.file),
  )
  return { packs, hashes: hashesOf(texts.filter(({ file }) => used.has(file))), locate }
}

/** Reads, decodes and compiles: rulebooks that are free of gaps and overlaps, or RulesInvalid. */
export function loadRules(
  directory: string,
  options: LoadOptions,
): LoadedPacks & { readonly rulebooks: Rulebooks } {
  const loaded = loadPacks(directory, options)
  return { ...loaded, rulebooks: compilePacks(loaded.packs, loaded.locate) }
}

/** Compiles packs and tells what the compiler complains of by line and column. */
export function compilePacks(packs: Packs, locate: LoadedPacks['locate']): Rulebooks {
  const compiled = compile(packs)
  if (compiled.kind === 'rulebooks') return compiled.rulebooks
  // One rule compiled for several overlays complains of the same place several times.
  const problems = new Map<string, Problem>()
  for (const { file, path, message } of compiled.complaints)
    problems.set(`${file} ${path.join('/')} ${message}`, { file, ...locate(file, path), message })
  throw new RulesInvalid([...problems.values()])
}

function hashesOf(texts: readonly RuleText[]): Hashes {
  const files = Object.fromEntries(texts.map(({ file, hash }) => [file, hash]))
  return { files, whole: hashOf(texts.map(({ file, hash }) => `${hash}  ${file}\n`).join('')) }
}

/** Decodes texts that have been read already: also the way for a rule inside a rule case. */
export function decodeTexts(
  texts: readonly Omit<RuleText, 'hash'>[],
  options: LoadOptions,
): Omit<LoadedPacks, 'hashes'> {
  const problems: Problem[] = []
  const parsed: Parsed[] = texts.map(({ file, kind, text }) => ({
    file,
    kind,
    read: readYaml(text),
  }))
  const byFile = new Map(parsed.map((p) => [p.file, p.read]))
  const locate: LoadedPacks['locate'] = (file, path) =>
    byFile.get(file)?.locate(path) ?? { line: 1, column: 1 }
  const usable = parsed.filter((p) => isUsable(p, problems))
  if (problems.length > 0) throw new RulesInvalid(problems)
  const packs = decodeAll(usable, options, problems)
  if (problems.length > 0) throw new RulesInvalid(problems)
  const inFile =
    (file: string): Say =>
    (path, message) => {
      problems.push({ file, ...locate(file, path), message })
    }
  checkAccumulators(packs, inFile)
  checkPayers(packs, inFile)
  checkPlaces(packs, inFile)
  if (problems.length > 0) throw new RulesInvalid(problems)
  return { packs, locate }
}

function isUsable({ file, kind, read }: Parsed, problems: Problem[]): boolean {
  const before = problems.length
  for (const { message, ...position } of read.located) problems.push({ file, ...position, message })
  const complaints =
    read.value === undefined ? read.complaints : checkShape(shapes[kind], read.value)
  report(file, read, complaints, problems)
  return problems.length === before
}

function report(
  file: string,
  read: ReadText,
  complaints: readonly Complaint[],
  problems: Problem[],
): void {
  for (const { path, message, atKey } of complaints)
    problems.push({ file, ...read.locate(path, atKey), message: `${pathText(path)}${message}` })
}

/** The place in words, as a reader of the file names it: rules[0].layers[2].pays: … */
const pathText = (path: Path): string =>
  path.length === 0
    ? ''
    : `${path
        .map((p) => (typeof p === 'number' ? `[${p}]` : `.${p}`))
        .join('')
        .replace(/^\./, '')}: `

function decodeAll(
  parsed: readonly Parsed[],
  options: LoadOptions,
  problems: Problem[],
): RegionPacks {
  const regionSources = sourcesByFolder(parsed)
  const decode = <T>(kind: FileKind, as: (value: Value, file: string, say: Say) => T): T[] =>
    parsed
      .filter((p) => p.kind === kind)
      .map(({ file, read }) => {
        const { say, complaints } = collect()
        const value = read.value as Value
        const known = [...sourceIds(value), ...(regionSources.get(dirname(file)) ?? [])]
        checkSources(value, new Set(known), [], say)
        const decoded = as(value, file, say)
        report(file, read, complaints, problems)
        return decoded
      })
  const overlays = decode(
    'overlay',
    (value, file, say): Overlay => decodeOverlay(value as unknown as OverlayFields, file, say),
  )
  return {
    regions: decode('region', (value, file, say): PackedRegion => {
      const pack = decodeRegion(value as unknown as RegionFields, file, say)
      checkFolder(pack.division, file, ['division'], say)
      return pack
    }),
    schemes: decode('scheme', (value, file, say): SchemePack => {
      const pack = decodeScheme(value as unknown as SchemeFields, file, say)
      checkFolder(pack.region, file, ['region'], say)
      return pack
    }),
    areas: decode('areas', (value, file, say): PoolingArea[] =>
      decodeAreas(value as unknown as AreasFields, file, say),
    ).flat(),
    overlays: overlays.filter((overlay) => options.sandbox || !overlay.sandboxOnly),
    catalogues: decode(
      'catalogue',
      (value, file, say): Catalogue =>
        decodeCatalogue(value as unknown as CatalogueFields, file, say),
    ),
  }
}

const sourceIds = (value: Value): string[] =>
  Object.keys((value as { sources?: Record<string, Value> }).sources ?? {})

function sourcesByFolder(parsed: readonly Parsed[]): Map<string, string[]> {
  const regions = parsed.filter((p) => p.kind === 'region')
  return new Map(regions.map(({ file, read }) => [dirname(file), sourceIds(read.value as Value)]))
}

/** A folder is named for its region, so that nobody looks for a rule in the wrong place. */
function checkFolder(division: string, file: string, path: Path, say: Say): void {
  const folder = basename(dirname(file))
  if (!folder.startsWith(`${division}-`))
    say(path, `found ${division} in the folder ${folder}, expected a folder named ${division}-…`)
}
