import { render } from 'preact'
import './console.css'
import './pages.css'
import { light, themeNow } from './parts/theme.ts'
import { Shell } from './shell.tsx'
import { languageNow, speak } from './words/say.ts'

light(themeNow())
speak(languageNow())
const place = document.querySelector('#app')
if (place) render(<Shell />, place)
