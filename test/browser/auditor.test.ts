import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { complaintsOf, settled } from './looking.ts'

// These ask for paths of several parts of the server; `isWhole` is false as long as one of them is not here.
const isWhole = false

describe.skipIf(browserFile === undefined || !isWhole)('an auditor', () => {
  let served: Console
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    served = await openConsole()
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    complaints = complaintsOf(page)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })
  const stay = () => served.one((s) => s.care === 'inpatient' && s.state === 'settled')
  const open = async (at: string): Promise<void> => {
    await page.goto(`${served.url}/console/${at}`)
    await settled(page)
  }

  test('comes from a masked name and a day to the transfer, the citation and a verified proof in under ten clicks', async () => {
    const { name } = await served.get<{ name: string }>(`/v1/people/${stay().person}`)
    let clicks = 0
    const click = async (what: ReturnType<Page['locator']>): Promise<void> => {
      clicks += 1
      await what.click()
      await settled(page)
    }
    await open('')
    await click(page.getByRole('link', { name: '查找', exact: true }))
    await page.locator('main input[name="q"]').fill(name)
    await page.locator('main input[name="on"]').fill(stay().day)
    await click(page.locator('main form[role="search"] button'))
    await click(page.locator('tbody a', { hasText: stay().id }).first())
    expect(await page.locator('.steps .cite').first().textContent()).toContain('〔')
    await click(page.locator('.jumps a', { hasText: '分录' }))
    expect(await page.locator('#transfers tbody tr').count()).toBeGreaterThan(0)
    await click(page.locator('.jumps a', { hasText: '证明' }))
    const verdict = page.locator('#proof .verdict')
    await expect.poll(async () => verdict.textContent(), { timeout: 15_000 }).toContain('已验证')
    expect(clicks).toBeLessThan(10)
  })

  test('sees what goes on today', async () => {
    await open('')
    expect(await page.locator('.cards .card').count()).toBe(8)
    expect(await page.locator('.chart rect').count()).toBeGreaterThan(60)
  })

  test('sees where the money goes, and comes from a fund to its settlements', async () => {
    await open('money?from=2026-01-01&until=2026-12-31')
    expect(await page.locator('.chart path.flow').count()).toBeGreaterThan(3)
    await page.locator('svg a', { hasText: '统筹基金' }).first().click()
    await settled(page)
    expect(page.url()).toContain('fund=pool')
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0)
  })

  test('unmasks a person only for a reason', async () => {
    await open(`people/${stay().person}`)
    await page.getByRole('button', { name: '显示真实身份' }).click()
    const record = page.getByRole('button', { name: '记录并显示' })
    expect(await record.isDisabled()).toBe(true)
    await page.locator('#reason').fill('核查住院结算')
    await record.click()
    const shown = page.locator('dialog .facts')
    await expect.poll(async () => shown.textContent()).not.toContain('*')
    await page.keyboard.press('Escape')
    await open(`access?person=${stay().person}`)
    expect(await page.locator('tbody').textContent()).toContain('核查住院结算')
  })

  test('reads the entries of an account with what it stood at after each', async () => {
    await open('books/fund%3A510100%3Aemployee%3Apool')
    const last = page.locator('tbody tr').last().locator('td').nth(7)
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

  test('looks at what is worth a look', async () => {
    await open('anomalies')
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3)
    await page.locator('tbody a').first().click()
    await settled(page)
    expect(await page.locator('h2').count()).toBe(2)
  })

  test('is told of nothing by the browser', () => {
    expect(complaints).toEqual([])
  })
})
