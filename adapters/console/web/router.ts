import { useEffect, useState } from 'preact/hooks'
import { consoleBase, type PageName, pageNames } from './pageNames.ts'

/** Where one is: a page, what it is about, and what its address asks for. */
export interface Place {
  readonly page: PageName | undefined
  readonly about: string | undefined
  readonly query: Readonly<Record<string, string>>
}

function placeNow(): Place {
  const { pathname, search } = location
  const [name = '', ...rest] = pathname.slice(consoleBase.length).split('/').map(decoded)
  const page = name === '' ? 'today' : pageNames.find((one) => one === name)
  const about = rest.join('/')
  return {
    page,
    about: about === '' ? undefined : about,
    query: Object.fromEntries(new URLSearchParams(search)),
  }
}

/** An address that somebody mistyped is no reason to show nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export type Query = Readonly<Record<string, string | undefined>>

/** The address of a page; what is empty is left out. */
export function addressOf(page: PageName, about?: string, query: Query = {}): string {
  const given = Object.entries(query).filter((one): one is [string, string] => Boolean(one[1]))
  const search = new URLSearchParams(given).toString()
  const rest = about === undefined ? '' : `/${encodeURIComponent(about)}`
  return `${consoleBase}${page}${rest}${search === '' ? '' : `?${search}`}`
}

const moved = 'console-moved'

/** Goes to an address of the console without loading it anew. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(undefined, '', address)
  else history.pushState(undefined, '', address)
  dispatchEvent(new Event(moved))
}

/** Links within the console are followed here, as long as nobody wants a tab of their own for them. */
function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = (event.target as Element | null)?.closest('a')
  const address = link?.getAttribute('href')
  if (!address?.startsWith(consoleBase) || link?.hasAttribute('target')) return
  const name = address.slice(consoleBase.length).split(/[/?]/)[0]
  if (name !== '' && !pageNames.some((one) => one === name)) return
  event.preventDefault()
  go(address)
}

export function usePlace(): Place {
  const [place, setPlace] = useState(placeNow)
  useEffect(() => {
    const look = () => setPlace(placeNow())
    addEventListener('popstate', look)
    addEventListener(moved, look)
    document.addEventListener('click', followLinks)
    return () => {
      removeEventListener('popstate', look)
      removeEventListener(moved, look)
      document.removeEventListener('click', followLinks)
    }
  }, [])
  return place
}
