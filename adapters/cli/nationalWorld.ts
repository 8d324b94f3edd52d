import type { Institution } from '../../engine/institution.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../crypto/sm3.ts'
import type { Desk } from '../http/needs.ts'
import { explain } from '../http/problem.ts'
import type { World as NationalWorld } from '../nhsa/needs.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createIds } from '../postgres/ids.ts'
import { createInsured } from '../postgres/insured.ts'
import { createNonces } from '../postgres/nonces.ts'
import { createPosted } from '../postgres/posted.ts'
import { createQueries } from '../postgres/queries.ts'
import { createRegister } from '../postgres/register.ts'
import { readInstitutions } from '../postgres/sql/resolve.ts'
import type { Crossings } from '../region/crossings.ts'
import { createCatalogue } from './catalogue.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'
import { noteInChinese } from './statementNotes.ts'

/** What the national interface asks for, joined from the process, the books and the rules. */
export function nationalWorldOf(
  world: World,
  crossings: Pick<Crossings, 'preview' | 'identify'>,
  { submit, evidence }: Pick<Desk, 'submit' | 'evidence'>,
): NationalWorld {
  const { pool, crypto, clock, regions, rules } = world
  const { rulebooks } = rules
  const options = { pool, crypto }
  const queries = createQueries(options)
  const posted = createPosted(options)
  const insured = createInsured(options)
  const dossiers = createDossiers(options)
  const ids = createIds({ sm3, drawBytes })
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  return {
    now,
    submit,
    preview: (asked) => crossings.preview(asked),
    answered: withFault(
      async (institution, key) => (await queries.answered(institution, key)) !== undefined,
    ),
    fingerprint: sm3Hex,
    newId: (owner) => ids.next(owner, now()),
    explain: (refusal) => explain(refusal).message.zh,
    warn: noteInChinese,
    deciding: () => ({
      rulebooks,
      regions,
      packHash: rules.hashes.whole,
      now: now(),
      today: clock.today(),
    }),
    institution: rememberInstitutions(world),
    institutions: withFault(async () => register.institutions()),
    people: {
      byCredential: presentedTo(insured, crossings),
      byId: withFault(async (id) => insured.byId(id)),
      counters: withFault(async (id) => queries.counters(id)),
    },
    dossiers: {
      read: withFault(async (subject) => dossiers.read(subject)),
      list: withFault(async (owner, prefix) => dossiers.list(owner, prefix)),
    },
    settlements: {
      chain: withFault(async (id) => queries.chain(id)),
      ofPerson: withFault(async (person, within) => posted.ofPerson(person, within)),
      sums: withFault(async (filter) => posted.sums(filter)),
      posted: withFault(async (filter) => posted.posted(filter)),
      told: withFault(async (person, row) => posted.told(person, row)),
    },
    catalogue: createCatalogue(rules.packs, rulebooks),
    nonces: noncesOf(pool),
    evidence,
  }
}

/** Whoever says to be insured elsewhere is asked about there, and has what that region says. */
const presentedTo = (
  insured: ReturnType<typeof createInsured>,
  crossings: Pick<Crossings, 'identify'>,
): NationalWorld['people']['byCredential'] =>
  withFault(async (credential, insuredIn) => {
    const away = await crossings.identify(insuredIn, credential)
    if (!away || isRefusal(away)) return away ?? (await insured.byCredential(credential))
    const found = await insured.byId(away.person.id)
    return found && { ...found, balance: away.balance }
  })

function noncesOf(pool: World['pool']): NationalWorld['nonces'] {
  const nonces = createNonces({ pool })
  return { take: withFault(async (client, nonce, at) => nonces.take(client, nonce, at)) }
}

/** Every request names its institution, which hardly ever changes; what decides about money reads it anew. */
const goodFor_ms = 1_000

function rememberInstitutions({ pool }: World): NationalWorld['institution'] {
  const known = new Map<string, { readonly institution: Institution; readonly until: number }>()
  return withFault(async (code) => {
    const remembered = known.get(code)
    if (remembered && remembered.until > performance.now()) return remembered.institution
    const { values, ...statement } = readInstitutions([code])
    const { rows } = await pool.query<{ document: Institution }>({
      ...statement,
      values: [...values],
    })
    const institution = rows[0]?.document
    if (institution) known.set(code, { institution, until: performance.now() + goodFor_ms })
    return institution
  })
}
