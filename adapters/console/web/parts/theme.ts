/** How the console is lit: as the system is, or as somebody chose here. */
export type Theme = 'system' | 'light' | 'dark'

const kept = 'theme'
const themes: readonly Theme[] = ['system', 'light', 'dark']

export const themeNow = (): Theme =>
  themes.find((one) => one === localStorage.getItem(kept)) ?? 'system'

export function light(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(kept)
    delete document.documentElement.dataset['theme']
  } else {
    localStorage.setItem(kept, theme)
    document.documentElement.dataset['theme'] = theme
  }
}

export const nextTheme = (theme: Theme): Theme =>
  themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
