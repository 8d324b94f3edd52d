import type { Packs, When } from '../../../engine/pack.ts'

/** Every word that some rule tells apart, so that bills hit them often enough. */
export interface Words {
  readonly kinds: readonly string[]
  readonly identities: readonly string[]
  readonly tiers: readonly string[]
  readonly diseases: readonly string[]
  readonly maternity: readonly string[]
  readonly types: readonly string[]
}

export function wordsOf(packs: Packs): Words {
  const whens: When[] = []
  const kinds = new Set(['other'])
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, own] of Object.entries(value)) {
      if (key === 'when') whens.push(own as When)
      if (key === 'kind' || key === 'exceptKind')
        for (const kind of [own].flat()) if (typeof kind === 'string') kinds.add(kind)
      visit(own)
    }
  }
  visit(packs.schemes)
  visit(packs.overlays)
  const all = (key: keyof When): string[] => [
    ...new Set(whens.flatMap((w) => (w[key] as readonly string[] | undefined) ?? [])),
  ]
  return {
    kinds: [...kinds].filter((kind) => !['rate', 'tiers', 'fixed'].includes(kind)),
    identities: all('identity'),
    tiers: all('premiumTier'),
    diseases: [...all('disease'), 'M99999'],
    maternity: [...all('maternityKind'), 'other'],
    types: [...all('institutionType'), 'hospital'],
  }
}
