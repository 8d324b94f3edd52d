import { useEffect, useRef, useState } from 'preact/hooks'

/** How wide a place on the page is, for pictures that are drawn to fit. */
export function useWidth<E extends HTMLElement>(least: number) {
  const place = useRef<E>(null)
  const [width, setWidth] = useState(least)
  useEffect(() => {
    const at = place.current
    if (!at) return
    const watching = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(least, Math.floor(entry.contentRect.width)))
    })
    watching.observe(at)
    return () => watching.disconnect()
  }, [least])
  return { place, width }
}
