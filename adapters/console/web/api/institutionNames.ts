import { useEffect, useState } from 'preact/hooks'
import { ask, pathWith } from './ask.ts'
import type { PageOf } from './types.ts'

interface Listed {
  readonly code: string
  readonly name: string
}

/** As many as one question may ask for. */
const mostAtOnce = 100
const names = new Map<string, string>()
const asked = new Set<string>()
const heard = new Set<() => void>()
let wanted: string[] = []

/** What institutions are called (定点医药机构名称), as far as that is known yet; those of one moment are asked for together. */
export function useInstitutionNames(codes: readonly string[]): ReadonlyMap<string, string> {
  const [, draw] = useState(0)
  const text = codes.join(',')
  useEffect(() => {
    const drawAgain = (): void => draw((n) => n + 1)
    heard.add(drawAgain)
    want(text.split(','))
    return () => void heard.delete(drawAgain)
  }, [text])
  return names
}

function want(codes: readonly string[]): void {
  const fresh = codes.filter((code) => code !== '' && !asked.has(code))
  if (fresh.length === 0) return
  for (const code of fresh) asked.add(code)
  if (wanted.length === 0) setTimeout(() => void askAll(), 0)
  wanted.push(...fresh)
}

async function askAll(): Promise<void> {
  const all = wanted
  wanted = []
  for (let i = 0; i < all.length; i += mostAtOnce) {
    const some = all.slice(i, i + mostAtOnce)
    const query = { codes: some.join(','), limit: String(mostAtOnce) }
    const told = await ask<PageOf<Listed>>(pathWith('/v1/institutions', query))
    if (told.kind === 'ok') for (const { code, name } of told.data.items) names.set(code, name)
    // Whoever was not answered is asked again where they are shown next.
    else for (const code of some) asked.delete(code)
  }
  for (const drawAgain of heard) drawAgain()
}
