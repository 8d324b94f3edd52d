import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** What axe finds against a page, in words: nothing, where everybody can use it. */
export async function barriersOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = (await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => ({ target })) })))`,
  )) as readonly Violation[]
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  )
}

/** Notes whatever the browser complains of; an answer that is no success is for the page to tell, not for the browser. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (said) => {
    const isAnswer = said.text().startsWith('Failed to load resource')
    if (said.type() === 'error' && !isAnswer) complaints.push(said.text())
  })
  return complaints
}

/** By how many pixels a page is wider than what shows it. */
export const widerBy = async (page: Page): Promise<number> =>
  page.evaluate<number>(`document.documentElement.scrollWidth - innerWidth`)

/** Waits until no part of a page waits for an answer any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await expect.poll(async () => page.locator('.waiting').count(), { timeout: 20_000 }).toBe(0)
}
