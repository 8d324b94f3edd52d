import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One file of the console as it goes out, in three encodings. */
export interface Asset {
  readonly type: string
  /** Changes with its bytes. */
  readonly tag: string
  readonly plain: Buffer
  readonly br: Buffer
  readonly gzip: Buffer
}

/** The console as it was built: its page, and what that loads. */
export interface Built {
  readonly page: Asset
  readonly assets: ReadonlyMap<string, Asset>
}

const here = fileURLToPath(new URL('.', import.meta.url))
const project = join(here, '..', '..')

/** Where builds lie, each in a folder named after what it was built from. */
export const builds = join(here, 'dist')

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** What the console is built from: a change to any of it makes another build. */
const sources = [
  join(here, 'web'),
  join(here, 'build.ts'),
  join(project, 'engine', 'seal'),
  join(project, 'package.json'),
]

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** A name for a build of what stands here now. */
export function buildName(): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesOf).sort())
    hash
      .update(`${relative(project, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}

export function readBuilt(folder: string): Built {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(folder)) {
    const type = types[name.split('.').at(-1) ?? '']
    if (type === undefined) continue
    const read = (ending: string) => readFileSync(join(folder, name + ending))
    const plain = read('')
    const tag = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
    assets.set(name, { type, tag, plain, br: read('.br'), gzip: read('.gz') })
  }
  const page = assets.get('index.html')
  if (!page) throw new Error(`${folder} holds no page`)
  assets.delete('index.html')
  return { page, assets }
}

let opening: { readonly name: string; readonly built: Promise<Built> } | undefined

/** Opens the build of what stands here, and builds it first where there is none: once, however many servers run in a process. */
function open(): Promise<Built> {
  const name = buildName()
  if (opening?.name === name) return opening.built
  const folder = join(builds, name)
  const built = existsSync(folder)
    ? Promise.resolve(folder)
    : import('./build.ts').then(async ({ buildConsole }) => buildConsole())
  opening = { name, built: built.then(readBuilt) }
  return opening.built
}

/** Starts to open the console while the server starts; whoever asks for it first waits for it. */
export function openBuilt(failed: (error: unknown) => void): () => Promise<Built | undefined> {
  const built = open().catch((error: unknown) => {
    opening = undefined
    failed(error)
    return undefined
  })
  return () => built
}
