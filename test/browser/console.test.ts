import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { barriersOn, complaintsOf, settled, widerBy } from './looking.ts'

describe.skipIf(browserFile === undefined)('the console', () => {
  let served: Console
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    served = await openConsole()
    browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    page = await context.newPage()
    complaints = complaintsOf(page)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const open = async (at: string, on: Page = page): Promise<void> => {
    await on.goto(`${served.url}/console/${at}`)
    await settled(on)
  }
  const focusedText = async (): Promise<string> =>
    page.evaluate<string>(`document.activeElement?.textContent ?? ''`)
  const stay = () => served.one((s) => s.care === 'inpatient' && s.state === 'settled')

  /** Every page, as people come to it. */
  const places = (): string[] => [
    '',
    'money?from=2026-01-01&until=2026-12-31',
    'find',
    'find?tab=refusals',
    'find?q=H51010000001',
    `settlements/${stay().id}`,
    `statement/${stay().id}`,
    `people/${stay().person}`,
    'cards',
    'books',
    'books?tab=transfers',
    'books?tab=clearing&region=510100&partner=440100&side=care&window=2026-03',
    'books/fund%3A510100%3Aemployee%3Apool',
    'rules',
    'rules/510100?on=2026-03-02',
    'rules/510100?tab=diff&first=2026-03-01&second=2026-03-02',
    'rules/510100?tab=cases',
    'proofs',
    'anomalies',
    'access',
  ]

  describe('as it arrives', () => {
    test('the first load is far below 150 kB, and it can be used within a second', async () => {
      const times: number[] = []
      let bytes = 0
      for (let i = 0; i < 5; i++) {
        const context = await browser.newContext()
        const fresh = await context.newPage()
        await fresh.goto(`${served.url}/console/`)
        await fresh.getByRole('link', { name: '账簿' }).waitFor()
        await settled(fresh)
        times.push(await fresh.evaluate<number>(`performance.now()`))
        bytes = await fresh.evaluate<number>(
          `performance.getEntries()
            .filter(({ name, transferSize }) => transferSize !== undefined && !name.includes('/v1/'))
            .reduce((sum, { transferSize }) => sum + transferSize, 0)`,
        )
        await context.close()
      }
      const quickest = Math.min(...times)
      console.log(
        `console: first load ${bytes} bytes, usable after ${times.map(Math.round).join(', ')} ms`,
      )
      expect(bytes).toBeGreaterThan(5_000)
      expect(bytes).toBeLessThan(150_000)
      expect(quickest).toBeLessThan(1_000)
    })

    test('it runs nothing but its own files, in nobody’s frame, and those are kept for ever', async () => {
      const answer = await fetch(`${served.url}/console/`)
      const policy = answer.headers.get('content-security-policy') ?? ''
      for (const word of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
        expect(policy).toContain(word)
      expect(policy).not.toContain('unsafe')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      const [, script = ''] = /src="([^"]+)"/.exec(await answer.text()) ?? []
      const asset = await fetch(served.url + script, { headers: { 'accept-encoding': 'br' } })
      expect(asset.headers.get('content-encoding')).toBe('br')
      expect(asset.headers.get('cache-control')).toContain('immutable')
      const tag = asset.headers.get('etag') ?? ''
      const again = await fetch(served.url + script, { headers: { 'if-none-match': tag } })
      expect(again.status).toBe(304)
    })

    test('an address that is none is told', async () => {
      expect((await fetch(`${served.url}/console/nothing`)).status).toBe(404)
      expect((await fetch(`${served.url}/console/assets/..%2Fbuilt.ts`)).status).toBe(404)
      expect((await fetch(`${served.url}/console/assets/index.html`)).status).toBe(404)
    })
  })

  describe('for everybody', () => {
    for (const [language, scheme] of [
      ['zh', 'light'],
      ['en', 'dark'],
    ] as const)
      test(`no page has a barrier, in ${language} and ${scheme}`, {
        timeout: 240_000,
      }, async () => {
        const context = await browser.newContext({
          viewport: { width: 1280, height: 800 },
          colorScheme: scheme,
        })
        await context.addInitScript(`localStorage.setItem('language', '${language}')`)
        const other = await context.newPage()
        const said = complaintsOf(other)
        for (const place of places()) {
          await open(place, other)
          expect({ place, barriers: await barriersOn(other) }).toEqual({ place, barriers: [] })
        }
        expect(said).toEqual([])
        await context.close()
      })

    test('no page is wider than what shows it, from 320 pixels to 3840', {
      timeout: 240_000,
    }, async () => {
      for (const width of [320, 768, 3840]) {
        await page.setViewportSize({ width, height: 800 })
        for (const place of places()) {
          await open(place)
          expect({ place, width, wider: await widerBy(page) }).toEqual({ place, width, wider: 0 })
        }
      }
      await page.setViewportSize({ width: 1280, height: 800 })
    })

    test('keys alone lead from the first page to an entry of the books', async () => {
      await open('')
      await page.keyboard.press('Tab')
      expect(await focusedText()).toBe('跳到正文')
      for (let i = 0; i < 20 && (await focusedText()) !== '账簿'; i++)
        await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.locator('h1', { hasText: '账簿' }).waitFor()
      await settled(page)
      // Whoever has come to a page by a key stands at its heading.
      expect(await focusedText()).toBe('账簿')
      for (let i = 0; i < 100 && !(await focusedText()).startsWith('期初'); i++)
        await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.locator('.big', { hasText: '期初' }).waitFor()
      expect(page.url()).toContain('/console/books/')
    })

    test('language and appearance are chosen once', async () => {
      await open('')
      await page.getByRole('button', { name: 'English' }).click()
      await page.locator('h1', { hasText: 'Today' }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      await page.getByRole('button', { name: 'Appearance' }).click()
      await page.getByRole('button', { name: 'Appearance' }).click()
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await page.reload()
      await page.locator('h1', { hasText: 'Today' }).waitFor()
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
      await page.getByRole('button', { name: 'Appearance' }).click()
      await page.getByRole('button', { name: '中文' }).click()
      await page.locator('h1', { hasText: '今日' }).waitFor()
    })
  })

  test('whatever somebody writes into an address is text', async () => {
    const nasty = '<img src=x onerror=document.title=1>'
    for (const place of [
      `settlements/${encodeURIComponent(nasty)}`,
      `find?q=${encodeURIComponent(nasty)}`,
      `people/${encodeURIComponent(nasty)}`,
      `books/${encodeURIComponent(nasty)}`,
      `cards/${encodeURIComponent(nasty)}`,
      `rules/${encodeURIComponent(nasty)}`,
      `anomalies/${encodeURIComponent(nasty)}`,
    ]) {
      await page.goto(`${served.url}/console/${place}`)
      await page.locator('.note, .part').first().waitFor()
      expect(await page.locator('main img').count()).toBe(0)
    }
  })

  test('what a server does not have is told, and not shown as nothing', async () => {
    await page.route('**/v1/today', async (route) =>
      route.fulfill({ status: 404, json: { code: 'route-unknown' } }),
    )
    await open('')
    const note = page.locator('.note').first()
    await expect.poll(async () => note.textContent()).toContain('本服务器没有此功能')
    await page.unroute('**/v1/today')
  })

  test('a server that is away is told', async () => {
    await page.route('**/v1/rules', async (route) => route.abort())
    await open('rules')
    const note = page.locator('.note').first()
    await expect.poll(async () => note.textContent()).toContain('服务器没有答复')
    await page.unroute('**/v1/rules')
  })

  test('the browser complained of nothing', () => {
    expect(complaints).toEqual([])
  })
})
