import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Config, ConfigError } from '../config.ts'
import { sm2Sign, sm2Verify } from '../crypto/sm2.ts'
import { sm4Decrypt, sm4Encrypt } from '../crypto/sm4.ts'
import { safe } from '../http/access.ts'
import type { Access, AccessDesk } from '../http/accessNeeds.ts'
import { Complaint } from '../http/complaint.ts'
import { parseJson } from '../http/json.ts'
import type { Door } from '../http/needs.ts'
import { complain } from '../http/problem.ts'
import type { Further } from '../http/server.ts'
import type { Clients } from '../nhsa/clients.ts'
import { clientsOf, readClientsFile, WrongClients } from '../nhsa/clientsFile.ts'
import { gatewayPaths, serveGateway } from '../nhsa/gateway.ts'
import type { Seals, World as NationalWorld } from '../nhsa/needs.ts'
import type { Parts } from '../nhsa/parts.ts'
import type { ReadOfPeople } from '../nhsa/readsOfPeople.ts'
import { fundsWithoutSlot, type Settings } from '../nhsa/settings.ts'
import { readSettings, WrongSettings } from '../nhsa/settingsFile.ts'
import { transactions } from '../nhsa/transactions.ts'
import { readWorld } from '../sandbox/world.ts'
import type { World } from './serve.ts'

/** SM2 and SM4 on Node's own OpenSSL. */
export const seals: Seals = {
  sign: sm2Sign,
  verify: sm2Verify,
  encrypt: sm4Encrypt,
  decrypt: sm4Decrypt,
}

/** The list of a settlement (4101) has more than a hundred fields. */
const mostKeys = 300

function readJson(text: string): ReturnType<Parts['readJson']> {
  try {
    return { value: parseJson(text, mostKeys) }
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    return { wrong: complain(error.code, error.facts).message.zh }
  }
}

/** Who may speak: those of the file that was named, or in the sandbox those of its world; in production else nobody. */
export function readClients(config: Config): Clients | undefined {
  const { nationalClientsFile: file, mode, rulesDirectory } = config
  try {
    if (file === undefined) return mode === 'sandbox' ? sandboxClients(rulesDirectory) : undefined
    const refuse = mode === 'production' && existsSync(path.join(rulesDirectory, 'sandbox'))
    return readClientsFile(file, refuse ? sandboxClients(rulesDirectory) : undefined)
  } catch (error) {
    throw error instanceof WrongClients ? new ConfigError(error.message) : error
  }
}

/** They stand in the sandbox world for anyone to read, and so protect nothing. */
function sandboxClients(rulesDirectory: string): Clients {
  const { paasid, secret, signingKey, clients } = readWorld(rulesDirectory).gateway
  return clientsOf(
    { signingKey, clients: [{ paasid, secret, institutions: 'all' }, ...clients] },
    'sandbox/world.yaml, gateway',
  )
}

/** How every region speaks the interface; rules whose funds have no place on the wire stop the start. */
export function openSettings({ config, rules }: Pick<World, 'config' | 'rules'>): Settings {
  try {
    const settings = readSettings(path.join(config.rulesDirectory, 'national-interface.yaml'))
    const missing = fundsWithoutSlot(settings, rules.rulebooks)
    if (missing.length === 0) return settings
    throw new WrongSettings(`national-interface.yaml has no slot for ${missing.join(', ')}.`)
  } catch (error) {
    throw error instanceof WrongSettings ? new ConfigError(error.message) : error
  }
}

/** The national interface for the server, where it has clients. */
export function openGateway(
  world: World,
  national: () => NationalWorld,
  door: Door,
  access: AccessDesk,
): Further | undefined {
  const { config, clock, metrics, place } = world
  const { siblings } = place
  const clients = readClients(config)
  if (!clients) return undefined
  const parts: Parts = {
    world: national(),
    clients,
    settings: world.settings,
    transactions,
    seals,
    readJson,
    clocks: config.mode === 'sandbox' ? [Date.now, () => clock.now()] : [Date.now],
    division: config.regions[0],
    closing: () => door.closing,
    signOuts: {
      tell: () => siblings.tell('signed-out'),
      hear: (listener) => siblings.hear('signed-out', listener),
    },
    recordRead: (read) => access.record(accessesOf(read)),
    count: (infno, result, took_ms) => metrics.transacted(infno, result, took_ms),
  }
  return { prefixes: gatewayPaths, serve: async (app) => serveGateway(app, parts) }
}

/** No message tells of more people; one that names more has made them up. */
const mostPeople = 20

/** What an institution was told over the national interface stands in the access log under its own code. */
function accessesOf({ institution, infno, persons }: ReadOfPeople): Access[] {
  const access = {
    caller: institution,
    role: 'institution',
    action: 'national',
    subject: infno,
  } as const
  const known = persons.map(safe).filter((person) => person !== undefined)
  return known.length === 0
    ? [access]
    : known.slice(0, mostPeople).map((person) => ({ ...access, person }))
}
