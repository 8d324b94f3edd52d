import type { RefObject } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks'

/** Every row of a long table is as high as this, so that it is known where each one is; the style sheet says the same. */
const height = 30
/** Rows that are drawn above and below those in sight. */
const around = 12
/** What is printed of a long table; more paper nobody wants. */
const mostPrinted = 5_000

type Box = RefObject<HTMLDivElement | null>

/** Which rows of a long table to draw, and how keys move among them. */
export function useRows(box: Box, count: number, onEnd?: () => void) {
  const { seen, look } = useSeen(box)
  const [active, setActive] = useState(0)
  const [wanted, setWanted] = useState<number>()
  const printing = usePrinting()

  const first = printing ? 0 : Math.max(0, Math.min(count, Math.floor(seen.top / height)) - around)
  const inSight = Math.ceil((seen.top + seen.tall) / height) + around
  const last = printing ? Math.min(count, mostPrinted) : Math.min(count, inSight)

  useEffect(() => {
    if (last >= count) onEnd?.()
  }, [last, count, onEnd])

  // A row can only be gone to once it is drawn.
  useLayoutEffect(() => {
    if (wanted === undefined) return
    const row = box.current?.querySelector<HTMLElement>(`tr[data-row="${wanted}"]`)
    if (!row) return
    row.focus({ preventScroll: true })
    setWanted(undefined)
  })

  const goTo = (row: number): void => {
    const at = box.current
    if (!at || count === 0) return
    const next = Math.max(0, Math.min(count - 1, row))
    // The head of the table stays in sight above the rows.
    const room = at.clientHeight - 3 * height
    const top = next * height
    if (top < at.scrollTop) at.scrollTop = top
    else if (top > at.scrollTop + room) at.scrollTop = top - room
    setActive(next)
    setWanted(next)
    look()
  }

  const onKey = (event: KeyboardEvent): void => {
    const next = wantedBy(event, { active, count, page: Math.floor(seen.tall / height) - 3 })
    if (next === undefined) return
    event.preventDefault()
    goTo(next)
  }

  const onFocus = (event: FocusEvent): void => {
    const row = (event.target as HTMLElement).closest('tr')?.dataset['row']
    if (row !== undefined) setActive(Number(row))
  }

  return { first, last, height, active, onScroll: look, onKey, onFocus }
}

/** Which part of the table is in sight. */
function useSeen(box: Box) {
  const [seen, setSeen] = useState({ top: 0, tall: 600 })
  const look = useCallback(() => {
    const at = box.current
    if (at) setSeen({ top: at.scrollTop, tall: at.clientHeight })
  }, [box])
  useLayoutEffect(() => {
    look()
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [look])
  return { seen, look }
}

interface Standing {
  readonly active: number
  readonly count: number
  /** So many rows a page has. */
  readonly page: number
}

/** Which row a key asks for; in what is written into, keys mean other things. */
function wantedBy(event: KeyboardEvent, { active, count, page }: Standing): number | undefined {
  const target = event.target as HTMLElement
  if (target.matches('a, button, input, select, summary')) return undefined
  const isInRow = target.matches('tr')
  if (event.key === 'Enter' && isInRow) target.querySelector('a')?.click()
  const moves: Record<string, number> = {
    ArrowDown: isInRow ? active + 1 : active,
    ArrowUp: active - 1,
    PageDown: active + Math.max(1, page),
    PageUp: active - Math.max(1, page),
    Home: 0,
    End: count - 1,
  }
  return moves[event.key]
}

/** Whether paper is being printed just now. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const begins = () => setPrinting(true)
    const ends = () => setPrinting(false)
    addEventListener('beforeprint', begins)
    addEventListener('afterprint', ends)
    return () => {
      removeEventListener('beforeprint', begins)
      removeEventListener('afterprint', ends)
    }
  }, [])
  return printing
}
