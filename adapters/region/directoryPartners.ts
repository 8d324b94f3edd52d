import type { Static } from 'typebox'
import type { Division } from '../../engine/claim.ts'
import type { Day, Span } from '../../engine/day.ts'
import type { Region } from '../../engine/route.ts'
import type { Partner, PartnerKey } from './directory.ts'
import {
  type DirectoryOptions,
  type PartnerKeyShape,
  type PartnerShape,
  WrongDirectory,
} from './directoryShape.ts'
import { version } from './envelope.ts'
import type { KeySource } from './needs.ts'

export const firstDay = '2000-01-01' as Day

/** Where several go in one envelope, as many messages wait as go in so many. */
const envelopesWaiting = 8

export function partnerOf(
  wire: Static<typeof PartnerShape>,
  place: string,
  { known, keys }: DirectoryOptions,
): Partner {
  const { versions = [version] } = wire
  if (!versions.includes(version))
    throw new WrongDirectory(
      `${place}.versions: ${wire.division} speaks ${versions.join(', ')}; this program speaks ${version}.`,
    )
  const together = Number(wire.together ?? 1)
  const listed = wire.keys === 'sandbox' ? [sandboxKey(keys, wire.division)] : wire.keys
  return {
    ...regionOf(wire, place, known),
    url: urlOf(wire.url, place),
    keys: listed.map(partnerKeyOf),
    atOnce: Number(wire.atOnce ?? 32),
    waiting: Number(wire.waiting ?? Math.max(32, envelopesWaiting * together)),
    together,
    timeOut_ms: Number(wire.timeOut_ms ?? 10_000),
  }
}

const sandboxKey = (keys: KeySource, of: Division): Static<typeof PartnerKeyShape> => {
  const { id: name, publicKey } = keys.sandbox(of)
  return { id: name, publicKey, from: firstDay }
}

const partnerKeyOf = (wire: Static<typeof PartnerKeyShape>): PartnerKey => ({
  id: wire.id,
  publicKey: wire.publicKey,
  revoked: wire.revoked === 'true',
  ...spanOf(wire),
})

export const spanOf = ({ from, until }: { from: string; until?: string }): Span => ({
  from: from as Day,
  ...(until !== undefined && { until: until as Day }),
})

/** Name, province and divisions stand in the file, or the rules know them; where both do they agree. */
function regionOf(
  { division: of, name, province, divisions }: Static<typeof PartnerShape>,
  place: string,
  known: DirectoryOptions['known'],
): Region {
  const ruled = known(of)
  const told = { name, province, divisions }
  const missing = Object.entries(told).flatMap(([field, value]) =>
    value === undefined ? [field] : [],
  )
  if (!ruled && missing.length > 0)
    throw new WrongDirectory(
      `${place}: ${missing.join(', ')} of ${of} must be given, for RULES_DIR does not know it.`,
    )
  const region = {
    division: of,
    name: name ?? (ruled as Region).name,
    province: province ?? (ruled as Region).province,
    divisions: divisions ?? (ruled as Region).divisions,
  }
  const same = (a: Region, b: Region): boolean =>
    a.province === b.province && a.divisions.toSorted().join() === b.divisions.toSorted().join()
  if (ruled && !same(ruled, region))
    throw new WrongDirectory(
      `${place}: province or divisions of ${of} are not those that RULES_DIR has; leave them out.`,
    )
  return region
}

function urlOf(text: string, place: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new WrongDirectory(`${place}.url: is no URL such as https://region.example:8443`)
  }
}
