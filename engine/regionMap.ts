import type { Packs } from './pack.ts'
import type { Complaint } from './table.ts'

/** The map of regions as packs and lists of pooling areas draw it together: one region for a division, one pack for a scheme. */
export function checkRegions(packs: Packs, complaints: Complaint[]): void {
  repeatedDivisions(packs, complaints)
  repeatedSchemes(packs, complaints)
}

/** A division that two regions list would be routed to whichever was read last. */
function repeatedDivisions({ regions, areas = [] }: Packs, complaints: Complaint[]): void {
  const seen = new Map<string, string>()
  const packed = regions.map((region) => ({ ...region, path: [], known: region.file }))
  const listed = areas.map((area) => ({
    ...area,
    known: `${area.division} ${area.name} in ${area.file}`,
  }))
  for (const { file, path, divisions, known } of [...packed, ...listed])
    for (const [index, division] of divisions.entries()) {
      const other = seen.get(division)
      if (other !== undefined)
        complaints.push({
          file,
          path: [...path, 'divisions', index],
          message: `${division} belongs to ${other} already`,
        })
      seen.set(division, known)
    }
}

function repeatedSchemes(packs: Packs, complaints: Complaint[]): void {
  const schemes = new Map<string, string>()
  for (const { file, region, scheme } of packs.schemes) {
    const other = schemes.get(`${region} ${scheme}`)
    if (other !== undefined)
      complaints.push({
        file,
        path: ['scheme'],
        message: `${scheme} of ${region} stands in ${other} already`,
      })
    schemes.set(`${region} ${scheme}`, file)
  }
}
