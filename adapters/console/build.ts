// `npm run build:console`: bundles the console's pages, makes them small, and lays them into dist/.
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import * as esbuild from 'esbuild'
import { buildName, builds } from './built.ts'

const web = fileURLToPath(new URL('./web/', import.meta.url))

const shared: esbuild.BuildOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  outdir: web,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"production"' },
}

const small = promisify(brotliCompress)
const smallish = promisify(gzip)

/** Builds what stands here into a folder of its own and gives that folder. */
export async function buildConsole(): Promise<string> {
  const folder = join(builds, buildName())
  const scratch = join(builds, `.${process.pid}-${performance.now()}`)
  await mkdir(scratch, { recursive: true })
  try {
    const files = await bundle()
    for (const { name, bytes } of files) await writeSmall(join(scratch, name), bytes)
    await rename(scratch, folder).catch((error: unknown) => {
      // Another process was quicker; both have made the same.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  await removeOlder(basename(folder))
  return folder
}

interface File {
  readonly name: string
  readonly bytes: Uint8Array
}

async function bundle(): Promise<File[]> {
  const worker = await esbuild.build({
    ...shared,
    write: false,
    entryPoints: [join(web, 'proof', 'worker.ts')],
  })
  const pages = await esbuild.build({
    ...shared,
    write: false,
    splitting: true,
    entryPoints: [join(web, 'main.tsx')],
  })
  const made = [...worker.outputFiles, ...pages.outputFiles].map(({ path, contents }) => ({
    name: basename(path),
    bytes: contents,
  }))
  const named = (pattern: RegExp): string => {
    const found = made.find(({ name }) => pattern.test(name))
    if (!found) throw new Error(`the bundler made nothing like ${pattern}`)
    return `/console/assets/${found.name}`
  }
  const template = await readFile(join(web, 'index.html'), 'utf8')
  const page = template
    .replace('{script}', named(/^main-.*\.js$/))
    .replace('{style}', named(/^main-.*\.css$/))
    .replace('{worker}', named(/^worker-.*\.js$/))
  return [...made, { name: 'index.html', bytes: Buffer.from(page) }]
}

async function writeSmall(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes)
  const most = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  await writeFile(`${file}.br`, await small(bytes, most))
  await writeFile(`${file}.gz`, await smallish(bytes, { level: 9 }))
}

/** Builds of what stood here before; whoever serves one has it in memory. */
async function removeOlder(kept: string): Promise<void> {
  for (const name of await readdir(builds))
    if (name !== kept && !name.startsWith('.'))
      await rm(join(builds, name), { recursive: true, force: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildConsole())
