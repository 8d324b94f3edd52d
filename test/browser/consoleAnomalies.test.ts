import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { settled } from './looking.ts'

describe.skipIf(browserFile === undefined)('an auditor of what is unusual', () => {
  let served: Console
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    served = await openConsole()
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })
  const open = async (at: string): Promise<void> => {
    await page.goto(`${served.url}/console/${at}`)
    await settled(page)
  }

  test('looks at what is worth a look', async () => {
    await open('anomalies')
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3)
    await page.locator('tbody a').first().click()
    await settled(page)
    expect(await page.locator('h2').count()).toBe(2)
  })
})
