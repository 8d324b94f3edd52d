import { useEffect, useState } from 'preact/hooks'
import { ask, pathWith } from './ask.ts'
import type { PageOf } from './types.ts'

interface Named {
  readonly code: string
  readonly name: string
}

/** Names of some codes, and those codes to which nothing was answered. */
interface Loaded {
  readonly named: readonly Named[]
  readonly unanswered: readonly string[]
}

interface Loading {
  readonly mostAtOnce: number
  load(codes: readonly string[]): Promise<Loaded>
}

/** What things are called that the page knows by their codes; those of one moment are asked for together, and once. */
class Names {
  readonly #loading: Loading
  readonly #names = new Map<string, string>()
  readonly #asked = new Set<string>()
  readonly #heard = new Set<() => void>()
  #wanted: string[] = []

  constructor(loading: Loading) {
    this.#loading = loading
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
    const { mostAtOnce } = this.#loading
    this.#wanted = []
    for (let i = 0; i < all.length; i += mostAtOnce) {
      const some = all.slice(i, i + mostAtOnce)
      const { named, unanswered } = await this.#loading.load(some)
      for (const { code, name } of named) this.#names.set(code, name)
      // They are asked for again where they are shown next.
      for (const code of unanswered) this.#asked.delete(code)
    }
    for (const drawAgain of this.#heard) drawAgain()
  }
}

const institutions = new Names({
  // As many as one question may ask for.
  mostAtOnce: 100,
  async load(codes) {
    const query = { codes: codes.join(','), limit: '100' }
    const told = await ask<PageOf<Named>>(pathWith('/v1/institutions', query))
    return told.kind === 'ok'
      ? { named: told.data.items, unanswered: [] }
      : { named: [], unanswered: codes }
  },
})

const regions = new Names({
  // Each is a question of its own, and a browser sends six at a time.
  mostAtOnce: 6,
  async load(codes) {
    const told = await Promise.all(
      codes.map(async (code) => {
        const region = await ask<Named>(`/v1/regions/${encodeURIComponent(code)}`)
        return { code, region }
      }),
    )
    return {
      named: told.flatMap(({ code, region }) =>
        region.kind === 'ok' ? [{ code, name: region.data.name }] : [],
      ),
      unanswered: told.flatMap(({ code, region }) =>
        region.kind === 'ok' || (region.kind === 'problem' && region.status === 404) ? [] : [code],
      ),
    }
  },
})

/** What institutions are called (定点医药机构名称), as far as that is known yet. */
export const useInstitutionNames = (codes: readonly string[]): ReadonlyMap<string, string> =>
  institutions.use(codes)

/** What regions are called (统筹区名称), as far as that is known yet. */
export const useRegionNames = (codes: readonly string[]): ReadonlyMap<string, string> =>
  regions.use(codes)
