import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser of this machine, as Debian and others install it. */
export const browserFile = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .flatMap((folder) => names.map((name) => path.join(folder, name)))
  .find((file) => existsSync(file))

export async function openBrowser(): Promise<Browser> {
  // A container that runs as root has no other way, and nothing is opened but our own pages.
  return chromium.launch({ executablePath: browserFile as string, args: ['--no-sandbox'] })
}
