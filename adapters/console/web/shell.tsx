import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { keepKey } from './api/ask.ts'
import { type PageName, pageNames } from './pageNames.ts'
import { type PageProps, pages } from './pages.ts'
import { light, nextTheme, type Theme, themeNow } from './parts/theme.ts'
import { WhoAmI } from './parts/whoAmI.tsx'
import { addressOf, go, usePlace } from './router.ts'
import { languageNow, onLanguage, say, sayBoth, speak } from './words/say.ts'

/** The frame around every page: what pages there are, who asks, and how it is shown. */
export function Shell() {
  const place = usePlace()
  const [, draw] = useState(0)
  useEffect(() => onLanguage(() => draw((n) => n + 1)), [])
  // Whoever signs in or out asks everything anew.
  const [caller, setCaller] = useState(0)
  const signIn = (key: string | undefined): void => {
    keepKey(key)
    setCaller((n) => n + 1)
  }
  return (
    <>
      <a class="skip" href="#main">
        {say('跳到正文', 'Skip to the page')}
      </a>
      <header class="top">
        <a class="brand" href={addressOf('today')}>
          {say('结算控制台', 'Settlement console')}
        </a>
        <FindBox />
        <div class="tools">
          <ThemeButton />
          <LanguageButton />
          <WhoAmI key={caller} onKey={signIn} />
        </div>
      </header>
      <Pages page={place.page} />
      <main id="main" tabIndex={-1}>
        {place.page ? (
          <Page key={`${place.page} ${caller}`} name={place.page} {...place} />
        ) : (
          <p class="note" role="alert">
            {say('没有这个页面。', 'There is no such page.')}
          </p>
        )}
      </main>
    </>
  )
}

const Pages = ({ page }: { readonly page: PageName | undefined }) => (
  <nav class="pages" aria-label={say('页面', 'Pages')}>
    <ul>
      {pageNames
        .filter((name) => pages[name].listed)
        .map((name) => (
          <li key={name}>
            <a href={addressOf(name)} aria-current={name === page ? 'page' : undefined}>
              {sayBoth(pages[name].title)}
            </a>
          </li>
        ))}
      <li>
        <a href="/console/crossings" target="_self">
          {say('异地交易', 'Other regions')}
        </a>
      </li>
    </ul>
  </nav>
)

function LanguageButton() {
  const other = languageNow() === 'zh' ? 'en' : 'zh'
  return (
    <button
      type="button"
      class="quiet"
      lang={other === 'en' ? 'en' : 'zh-CN'}
      onClick={() => speak(other)}
    >
      {other === 'en' ? 'English' : '中文'}
    </button>
  )
}

/** A page once its file has come; one that does not come says so. */
function Page({ name, about, query }: PageProps & { readonly name: PageName }) {
  const [found, setFound] = useState<{ readonly page: ComponentType<PageProps> }>()
  const [failed, setFailed] = useState(false)
  const title = useRef<HTMLHeadingElement>(null)
  const { load, title: words } = pages[name]
  useEffect(() => {
    load().then(
      (page) => setFound({ page }),
      () => setFailed(true),
    )
  }, [load])
  const heading = sayBoth(words)
  useEffect(() => {
    document.title = `${heading} · ${say('结算控制台', 'Settlement console')}`
  }, [heading])
  // Readers of the screen are told where they are now; whoever has just arrived begins at the top.
  useEffect(() => {
    if (arrived) title.current?.focus({ preventScroll: true })
    arrived = true
    scrollTo(0, 0)
  }, [about])
  return (
    <>
      <h1 ref={title} tabIndex={-1}>
        {heading}
      </h1>
      {failed && (
        <p class="note bad" role="alert">
          {say('页面未能载入，请刷新。', 'The page did not come: load it anew.')}
        </p>
      )}
      {found && <found.page about={about} query={query} />}
    </>
  )
}

let arrived = false

const themeWords = (theme: Theme): string =>
  theme === 'system'
    ? say('随系统', 'As the system')
    : theme === 'light'
      ? say('浅色', 'Light')
      : say('深色', 'Dark')

function ThemeButton() {
  const [theme, setTheme] = useState(themeNow)
  const next = nextTheme(theme)
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`${say('外观', 'Appearance')}: ${themeWords(theme)}`}
      onClick={() => {
        light(next)
        setTheme(next)
      }}
    >
      {themeWords(theme)}
    </button>
  )
}

/** Finds from every page: a settlement, a person, a card, an institution or a message. */
function FindBox() {
  return (
    <form
      class="finder"
      role="search"
      action="/console/find"
      onSubmit={(event) => {
        event.preventDefault()
        const input = event.currentTarget.elements.namedItem('q') as HTMLInputElement
        const q = input.value.trim()
        if (q !== '') go(addressOf('find', undefined, { q }))
      }}
    >
      <input
        name="q"
        type="search"
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        aria-label={say(
          '查找结算、人员、卡、机构或报文号',
          'Find a settlement, person, card, institution or message',
        )}
        placeholder={say(
          '结算号、人员、卡号、机构、报文号',
          'Settlement, person, card, institution, msgid',
        )}
      />
      <button type="submit">{say('查找', 'Find')}</button>
    </form>
  )
}
