import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ask, pathWith, type Told } from './ask.ts'
import type { PageOf } from './types.ts'

/** A question and what came of it. */
export interface Asked<T> {
  readonly told: Told<T> | undefined
  readonly busy: boolean
  readonly again: () => void
}

/** Asks once, and again every so often where that is said; a question that has changed is asked anew. */
export function useAsked<T>(path: string | undefined, every_ms?: number): Asked<T> {
  const [state, setState] = useState<{ path?: string | undefined; told?: Told<T> }>({})
  const [round, setRound] = useState(0)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (path === undefined) return
    const ending = new AbortController()
    let timer: number | undefined
    const once = async (): Promise<void> => {
      setBusy(true)
      const told = await ask<T>(path, { signal: ending.signal })
      if (ending.signal.aborted) return
      setState({ path, told })
      setBusy(false)
      if (every_ms !== undefined && told.kind !== 'absent')
        timer = setTimeout(() => void once(), every_ms)
    }
    void once()
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [path, round, every_ms])
  const again = useCallback(() => setRound((n) => n + 1), [])
  return { told: state.path === path ? state.told : undefined, busy, again }
}

/** A list that is told page by page. */
export interface Listed<T> {
  readonly items: readonly T[]
  /** The last page, for whatever it tells beside its items; a problem where one came. */
  readonly told: Told<PageOf<T>> | undefined
  readonly busy: boolean
  /** Is there more than was asked for? */
  readonly more: boolean
  readonly next: () => void
  /** Asks for page after page until all is here, or until it is called once more. */
  readonly all: () => void
}

const nothing: readonly never[] = []

/** How far a list was asked for. */
const beginning = (asked: string) => ({
  asked,
  cursor: undefined as string | undefined,
  busy: false,
  all: false,
  empty: 0,
})

/** A page may be empty and still have a next one; so many in a row are looked through without being asked to. */
const mostEmpty = 20

/** Loads page after page of one list, as far as that is wanted. */
function useLoading<T>() {
  const [state, setState] = useState<{
    asked?: string | undefined
    items: readonly T[]
    told?: Told<PageOf<T>>
  }>({ items: [] })
  const [busy, setBusy] = useState(false)
  const at = useRef(beginning(''))

  const load = useCallback(async (from: string, signal?: AbortSignal): Promise<void> => {
    const now = at.current
    if (now.busy) return
    now.busy = true
    setBusy(true)
    const { cursor } = now
    const told = await ask<PageOf<T>>(
      cursor === undefined ? from : `${from}&cursor=${encodeURIComponent(cursor)}`,
      { signal },
    )
    if (at.current !== now) return
    now.busy = false
    if (told.kind === 'ok') now.cursor = told.data.next
    const items = told.kind === 'ok' ? told.data.items : []
    setState((old) => ({
      asked: from,
      told,
      items: cursor === undefined ? items : [...old.items, ...items],
    }))
    now.empty = items.length === 0 ? now.empty + 1 : 0
    const goesOn = now.all || (now.empty > 0 && now.empty % mostEmpty > 0)
    if (goesOn && told.kind === 'ok' && now.cursor !== undefined) return load(from, signal)
    now.all = false
    setBusy(false)
  }, [])
  return { state, busy, at, load }
}

/** Asks for a list with its filters; other filters begin anew. */
export function useList<T>(
  path: string | undefined,
  query: Readonly<Record<string, string | undefined>> = {},
  limit = 100,
): Listed<T> {
  const asked = path === undefined ? undefined : pathWith(path, { ...query, limit: String(limit) })
  const { state, busy, at, load } = useLoading<T>()
  useEffect(() => {
    if (asked === undefined) return
    const ending = new AbortController()
    at.current = beginning(asked)
    void load(asked, ending.signal)
    return () => {
      ending.abort()
      at.current = beginning('')
    }
  }, [asked, load])

  const isThis = state.asked === asked && asked !== undefined
  const told = isThis ? state.told : undefined
  const more = told?.kind === 'ok' && told.data.next !== undefined
  const next = useCallback(() => {
    if (asked !== undefined && at.current.cursor !== undefined) void load(asked)
  }, [asked, load])
  const all = useCallback(() => {
    if ((at.current.all = !at.current.all)) next()
  }, [next])
  return { items: isThis ? state.items : nothing, told, busy, more, next, all }
}
