import { useEffect, useState } from 'preact/hooks'
import { ask, pathWith } from './ask.ts'
import type { PageOf } from './types.ts'

interface Named {
  readonly code: string
  readonly name: string
}

/** Names of some codes; undefined where nobody answered. */
type Load = (codes: readonly string[]) => Promise<readonly Named[] | undefined>

/** As many as one question may ask for. */
const mostAtOnce = 100

/** What things are called that the page knows by their codes; those of one moment are asked for together, and once. */
class Names {
  readonly #load: Load
  readonly #names = new Map<string, string>()
  readonly #asked = new Set<string>()
  readonly #heard = new Set<() => void>()
  #wanted: string[] = []

  constructor(load: Load) {
    this.#load = load
  }

  use(codes: readonly string[]): ReadonlyMap<string, string> {
    const [, draw] = useState(0)
    const text = codes.join(',')
    useEffect(() => {
      const drawAgain = (): void => draw((n) => n + 1)
      this.#heard.add(drawAgain)
      this.#want(text.split(','))
      return () => void this.#heard.delete(drawAgain)
    }, [text])
    return this.#names
  }

  #want(codes: readonly string[]): void {
    const fresh = codes.filter((code) => code !== '' && !this.#asked.has(code))
    if (fresh.length === 0) return
    for (const code of fresh) this.#asked.add(code)
    if (this.#wanted.length === 0) setTimeout(() => void this.#askAll(), 0)
    this.#wanted.push(...fresh)
  }

  async #askAll(): Promise<void> {
    const all = this.#wanted
    this.#wanted = []
    for (let i = 0; i < all.length; i += mostAtOnce) {
      const some = all.slice(i, i + mostAtOnce)
      const told = await this.#load(some)
      for (const { code, name } of told ?? []) this.#names.set(code, name)
      // Whoever was not answered is asked again where they are shown next.
      if (!told) for (const code of some) this.#asked.delete(code)
    }
    for (const drawAgain of this.#heard) drawAgain()
  }
}

const institutions = new Names(async (codes) => {
  const query = { codes: codes.join(','), limit: String(mostAtOnce) }
  const told = await ask<PageOf<Named>>(pathWith('/v1/institutions', query))
  return told.kind === 'ok' ? told.data.items : undefined
})

const regions = new Names(async (codes) => {
  const told = await Promise.all(
    codes.map(async (code) => {
      const region = await ask<{ readonly name: string }>(`/v1/regions/${encodeURIComponent(code)}`)
      return region.kind === 'ok' ? [{ code, name: region.data.name }] : []
    }),
  )
  return told.flat()
})

/** What institutions are called (定点医药机构名称), as far as that is known yet. */
export const useInstitutionNames = (codes: readonly string[]): ReadonlyMap<string, string> =>
  institutions.use(codes)

/** What regions are called (统筹区名称), as far as that is known yet. */
export const useRegionNames = (codes: readonly string[]): ReadonlyMap<string, string> =>
  regions.use(codes)
