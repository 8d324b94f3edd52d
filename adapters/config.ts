import { availableParallelism } from 'node:os'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const url = 'postgres(ql)?://.+'
const mostWorkers = 64

/** Every variable of the environment that means something to us: what it may be, and what it is if not given. */
const environment = Type.Object({
  HOST: Type.String({
    description: 'Address to listen on',
    pattern: '^[A-Za-z0-9.:_-]{1,253}$',
    default: '127.0.0.1',
    expected: 'a host name or an IP address such as 127.0.0.1',
  }),
  PORT: Type.String({
    description: 'Port to listen on; 0 takes any free one',
    pattern: '^\\d{1,5}$',
    default: '8080',
    expected: 'a number from 0 to 65535',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      description: 'PostgreSQL to use; without it the project starts the one it brings',
      pattern: `^${url}$`,
      expected: 'a URL such as postgres://jiesuan@db.example/jiesuan',
    }),
  ),
  MIGRATE_DATABASE_URL: Type.Optional(
    Type.String({
      description: 'The same database as its owner, for `npm run migrate`; default `DATABASE_URL`',
      pattern: `^${url}$`,
      expected: 'a URL such as postgres://owner@db.example/jiesuan',
    }),
  ),
  DATA_DIR: Type.String({
    description:
      'Where the PostgreSQL that the project brings keeps its data; for one process at a time',
    pattern: '^[^\\0]+$',
    default: '.data',
    expected: 'a directory',
  }),
  DATA_KEY_FILE: Type.Optional(
    Type.String({
      description:
        'File with the key that encrypts stored requests and answers; needed in production',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  KEY_STORE_FILE: Type.Optional(
    Type.String({
      description:
        'File with the keys of cards, PINs and signatures, made by `npx jiesuan keys`; without it the sandbox has its own, and production proves no card',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  KEY_STORE_SECRET_FILE: Type.Optional(
    Type.String({
      description: 'File with the key that `KEY_STORE_FILE` is encrypted under',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  SEAL_KEY_FILE: Type.Optional(
    Type.String({
      description:
        'File with the key that heads of the journal’s log are signed with, made by `npx jiesuan seal-keys`; without it the sandbox has its own, and production seals nothing',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  CARD_ROOTS_FILE: Type.Optional(
    Type.String({
      description:
        'File with the root certificates (PEM, SM2) of third generation cards; without it the sandbox has its own, and production takes no certificate',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file',
    }),
  ),
  CARD_REVOKED_FILE: Type.Optional(
    Type.String({
      description:
        'File with the certificates that were revoked, a line each: serial number and issuer',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file',
    }),
  ),
  RULES_DIR: Type.String({
    description: 'Directory of the rule packs',
    pattern: '^[^\\0]+$',
    default: 'rules',
    expected: 'a directory',
  }),
  WORKERS: Type.Optional(
    Type.String({
      description:
        'Processes that share the port; default 1 in the sandbox, in production one for each core, or for three cores in five where the database is on this machine',
      pattern: '^([1-9]|[1-5]\\d|6[0-4])$',
      expected: 'a number from 1 to 64',
    }),
  ),
  AUDIT_SHARE: Type.String({
    description:
      'What the self-audit may take of one processor, in percent, while everything is proved again and again; 0 turns it off',
    pattern: '^(\\d|[1-9]\\d)$',
    default: '5',
    expected: 'a number from 0 to 99',
  }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'Least severity that is logged: trace, debug, info, warn, error, fatal or silent',
    default: 'info',
    expected: 'trace, debug, info, warn, error, fatal or silent',
  }),
  MODE: Type.Optional(
    Type.Enum(['sandbox', 'production'], {
      description:
        '`sandbox` loads invented people and takes a `CLOCK`; default `sandbox` without `DATABASE_URL`, else `production`',
      expected: 'sandbox or production',
    }),
  ),
  REGIONS: Type.String({
    description: 'Divisions served, separated by commas; the first is the own one',
    pattern: '^\\d{6}(,\\d{6})*$',
    default: '510100,510700',
    expected: 'division codes of six digits such as 510100,510700',
  }),
  REGION_DIRECTORY: Type.Optional(
    Type.String({
      description: 'File with the address and public key of other regions',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file',
    }),
  ),
  NATIONAL_CLIENTS_FILE: Type.Optional(
    Type.String({
      description:
        'File with the clients of the national interface and their secrets; without it the sandbox has its own, and production none',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  CALLERS_FILE: Type.Optional(
    Type.String({
      description:
        'File with who may call the REST interface, in which role, made by `npx jiesuan callers`; with it production answers nobody without a key, and `HOST` may be an address of the network',
      pattern: '^[^\\0]+$',
      expected: 'the path of a file that only its owner may read',
    }),
  ),
  CLOCK: Type.Optional(
    Type.String({
      description:
        'Sandbox only: where the clock starts, such as `2026-03-02T09:00:00+08:00`, and `@rate` to run faster; default the day of the sandbox world',
      pattern:
        '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})(@\\d{1,6}(\\.\\d{1,3})?)?$',
      expected: 'an instant such as 2026-03-02T09:00:00+08:00, with @60 for sixty times as fast',
    }),
  ),
})

type Environment = Static<typeof environment>
type Name = keyof Environment

/** How the process was asked to run. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly databaseUrl: string | undefined
  readonly migrateDatabaseUrl: string | undefined
  readonly dataDirectory: string
  readonly dataKeyFile: string | undefined
  readonly keyStoreFile: string | undefined
  readonly keyStoreSecretFile: string | undefined
  readonly sealKeyFile: string | undefined
  readonly cardRootsFile: string | undefined
  readonly cardRevokedFile: string | undefined
  readonly rulesDirectory: string
  readonly workers: number
  /** Of one processor, from 0 to 1. */
  readonly auditShare: number
  readonly logLevel: Environment['LOG_LEVEL']
  readonly mode: 'sandbox' | 'production'
  /** Never empty: the first is the own one. */
  readonly regions: readonly [string, ...string[]]
  readonly regionDirectory: string | undefined
  readonly nationalClientsFile: string | undefined
  readonly callersFile: string | undefined
  readonly clock: { readonly start_ms: number; readonly rate: number } | undefined
}

/** A start that cannot be: the message says what to change. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads the environment. An empty value counts as not given, as shells and compose files write it so. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values = readValues(env)
  const databaseUrl = values.DATABASE_URL
  const mode = values.MODE ?? (databaseUrl === undefined ? 'sandbox' : 'production')
  const port = Number(values.PORT)
  if (port > 65535) throw wrong('PORT', values.PORT)
  if (mode === 'production') checkProduction(values)
  const [first, ...others] = values.REGIONS.split(',') as [string, ...string[]]
  if (new Set([first, ...others]).size !== others.length + 1)
    throw new ConfigError(`REGIONS names a division twice: "${values.REGIONS}". Name each once.`)
  return {
    host: values.HOST,
    port,
    databaseUrl,
    migrateDatabaseUrl: values.MIGRATE_DATABASE_URL ?? databaseUrl,
    dataDirectory: values.DATA_DIR,
    dataKeyFile: values.DATA_KEY_FILE,
    keyStoreFile: values.KEY_STORE_FILE,
    keyStoreSecretFile: values.KEY_STORE_SECRET_FILE,
    sealKeyFile: values.SEAL_KEY_FILE,
    cardRootsFile: values.CARD_ROOTS_FILE,
    cardRevokedFile: values.CARD_REVOKED_FILE,
    rulesDirectory: values.RULES_DIR,
    workers: Number(values.WORKERS ?? workersOf(mode, databaseUrl)),
    auditShare: Number(values.AUDIT_SHARE) / 100,
    logLevel: values.LOG_LEVEL,
    mode,
    regions: [first, ...others],
    regionDirectory: values.REGION_DIRECTORY,
    nationalClientsFile: values.NATIONAL_CLIENTS_FILE,
    callersFile: values.CALLERS_FILE,
    clock: readClock(values.CLOCK),
  }
}

function readValues(env: Readonly<Record<string, string | undefined>>): Environment {
  const values: Record<string, string> = {}
  for (const name of Object.keys(environment.properties) as Name[]) {
    const given = env[name]?.trim()
    const value = given === undefined || given === '' ? property(name).default : given
    if (value === undefined) continue
    if (!Value.Check(environment.properties[name], value)) throw wrong(name, value)
    values[name] = value
  }
  return values as Environment
}

/** Of the processor time that a claim takes PostgreSQL has two parts in five: more processes would only wait for it. */
const oursBeside = 0.6

/** A sandbox is tried out on a machine with other work, and one process answers all that a person can ask. */
function workersOf(mode: Config['mode'], databaseUrl: string | undefined): number {
  if (mode === 'sandbox' || databaseUrl === undefined) return 1
  const cores = availableParallelism() * (isHere(databaseUrl) ? oursBeside : 1)
  return Math.min(mostWorkers, Math.max(1, Math.floor(cores)))
}

/** Without a host it is a socket of this machine. */
const isHere = (databaseUrl: string): boolean =>
  /^[a-z]+:\/\/([^@/]*@)?(localhost|127\.[\d.]+|\[::1\])?(:\d+)?(\/|$)/.test(databaseUrl)

function checkProduction(values: Environment): void {
  if (values.DATABASE_URL === undefined)
    throw new ConfigError(
      'MODE=production needs DATABASE_URL: set it, or leave MODE away to try the sandbox.',
    )
  if (values.CLOCK !== undefined)
    throw new ConfigError('CLOCK is for the sandbox only: leave it away, or set MODE=sandbox.')
}

const withheld: readonly Name[] = ['DATABASE_URL', 'MIGRATE_DATABASE_URL']

function wrong(name: Name, value: string): ConfigError {
  // A URL carries a password, so its value is not repeated.
  const shown = withheld.includes(name) ? 'a value that is not a URL we know' : `"${value}"`
  return new ConfigError(`${name} is ${shown}, but must be ${property(name).expected}.`)
}

function readClock(text: string | undefined): Config['clock'] {
  if (text === undefined) return undefined
  const [instant, rate] = text.split('@') as [string, string | undefined]
  const start_ms = Date.parse(instant)
  if (Number.isNaN(start_ms) || Number(rate ?? '1') === 0) throw wrong('CLOCK', text)
  return { start_ms, rate: Number(rate ?? '1') }
}

interface Property {
  readonly description: string
  readonly expected: string
  readonly default?: string
}

const property = (name: Name): Property => environment.properties[name] as unknown as Property

/** The table of variables as README.md has it. */
export function configTable(): string {
  const rows = (Object.keys(environment.properties) as Name[]).map((name) => {
    const { description, default: fallback } = property(name)
    return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description} |`
  })
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
