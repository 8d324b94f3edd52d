import { readFileSync, statSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { type Client, type Clients, listClients } from './clients.ts'

const closed = { additionalProperties: false } as const
const visible = (most: number) => Type.String({ pattern: `^[\\x21-\\x7e]{1,${most}}$` })
const truth = Type.Union([Type.Literal('true'), Type.Literal('false')])

/** Every value is text, as the failsafe schema of YAML gives it. */
const ClientShape = Type.Object(
  {
    paasid: visible(64),
    secret: visible(200),
    institutions: Type.Union([
      Type.Literal('all'),
      Type.Array(Type.String({ pattern: '^[A-Z]\\d{11}$' }), { minItems: 1 }),
    ]),
    signIn: Type.Optional(truth),
    wrongTotals: Type.Optional(Type.Union([Type.Literal('warn'), Type.Literal('refuse')])),
    signatureKey: Type.Optional(Type.String({ pattern: '^04[0-9a-f]{128}$' })),
    encryptionKey: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  closed,
)

const FileShape = Type.Object(
  {
    signingKey: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    clients: Type.Array(ClientShape, { minItems: 1 }),
  },
  closed,
)

/** What is wrong with the list of clients: the server does not start with it. */
export class WrongClients extends Error {
  override name = 'WrongClients'
}

/** Reads the list that NATIONAL_CLIENTS_FILE names; its secrets are never repeated in what is said of it. */
export function readClientsFile(file: string, sandbox?: Clients): Clients {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile())
    throw new WrongClients(`NATIONAL_CLIENTS_FILE is ${file}, where there is no file.`)
  // Windows has no such bits; there the folder's own permissions have to do.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new WrongClients(
      `NATIONAL_CLIENTS_FILE can be read by others. Give it mode 0600: chmod 600 ${file}`,
    )
  const clients = clientsOf(parseFile(readFileSync(file, 'utf8')), 'NATIONAL_CLIENTS_FILE')
  if (sandbox) refuseSandboxSecrets(clients, sandbox)
  return clients
}

function parseFile(text: string): unknown {
  try {
    return parse(text, { schema: 'failsafe' })
  } catch {
    // The parser's own words quote the line, and a line may hold a secret.
    throw new WrongClients('NATIONAL_CLIENTS_FILE is not YAML.')
  }
}

/** The clients of a parsed file, or of the `gateway` part of the sandbox world. */
export function clientsOf(parsed: unknown, what: string): Clients {
  if (!Value.Check(FileShape, parsed)) {
    const [first] = Value.Errors(FileShape, parsed)
    const place = first?.instancePath.slice(1).replaceAll('/', '.')
    throw new WrongClients(`${what}, at ${place || 'its top'}: ${first?.message ?? 'is wrong'}.`)
  }
  const { clients, signingKey } = parsed
  refuseTwice(
    clients.map(({ paasid }) => paasid),
    'paasid',
    what,
  )
  refuseTwice(
    clients.flatMap(({ institutions: of }) => (of === 'all' ? [] : of)),
    'institution',
    what,
  )
  if (clients.filter(({ institutions }) => institutions === 'all').length > 1)
    throw new WrongClients(`${what} has two clients for all institutions; one may be.`)
  if (signingKey === undefined && clients.some((client) => client.signatureKey !== undefined))
    throw new WrongClients(
      `${what} has clients that sign (signatureKey), but no signingKey to sign our answers with.`,
    )
  return listClients(clients.map(clientOf), signingKey)
}

const clientOf = (client: Static<typeof ClientShape>): Client => ({
  ...client,
  signIn: client.signIn === 'true',
  wrongTotals: client.wrongTotals ?? 'warn',
})

function refuseTwice(values: readonly string[], field: string, what: string): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at)
  if (twice !== undefined) throw new WrongClients(`${what} has the ${field} ${twice} twice.`)
}

/** What stands in the sandbox world is known to everybody. */
function refuseSandboxSecrets(clients: Clients, sandbox: Clients): void {
  const secrets = (of: Clients) =>
    [...of.byId.values()].flatMap(({ secret, signatureKey, encryptionKey }) => [
      secret,
      signatureKey,
      encryptionKey,
    ])
  const known = new Set(
    [...secrets(sandbox), sandbox.signingKey].filter((one) => one !== undefined),
  )
  const same = [...secrets(clients), clients.signingKey].some(
    (one) => one !== undefined && known.has(one),
  )
  if (same)
    throw new WrongClients(
      'NATIONAL_CLIENTS_FILE holds a secret or key of the sandbox, which everybody knows. Make new ones.',
    )
}
