import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { settled } from './looking.ts'

describe.skipIf(browserFile === undefined)('an auditor of money', () => {
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

  test('sees where the money goes, and comes from a fund to its settlements', async () => {
    await open('money?from=2026-01-01&until=2026-12-31')
    expect(await page.locator('.chart path.flow').count()).toBeGreaterThan(3)
    await page.locator('svg a', { hasText: '统筹基金' }).locator('text').click()
    await settled(page)
    expect(page.url()).toContain('fund=pool')
    await page.locator('tbody tr').first().waitFor()
  })

  test('reads the entries of an account with what it stood at after each', async () => {
    await open('books/fund%3A510100%3Aemployee%3Apool')
    const last = page.locator('tbody tr').last().locator('td').nth(6)
    const told = await served.get<{ balance: string }>(
      '/v1/ledger/accounts/fund:510100:employee:pool',
    )
    const shown = ((await last.textContent()) ?? '').replaceAll(',', '').replace('−', '-')
    expect(shown).toBe(told.balance)
  })

  test('saves what was found with its signed manifest', async () => {
    await open('find')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    expect(file.suggestedFilename()).toBe('settlements.csv')
    const [manifest] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '签名清单' }).click(),
    ])
    expect(manifest.suggestedFilename()).toContain('manifest')
  })
})
