import type { App } from './app.ts'
import { rightOf } from './rights.ts'
import { problems } from './words.ts'

/** Puts into the schema of each route who may take it, and that others are refused: the OpenAPI document tells it from there. */
export function showRights(app: App): void {
  app.addHook('onRoute', (route) => {
    const { schema, url } = route
    const right = rightOf([route.method].flat()[0] ?? '', url)
    if (!schema || !right) return
    const known = right.may.filter((who) => who !== 'person').map((role) => ({ caller: [role] }))
    const person = right.may.includes('person') ? [{ selfService: [] }] : []
    const response = { ...problems([401, 403]), ...(schema.response as object) }
    // Without anything is nobody, who may everything on a server that needs no keys.
    route.schema = { ...schema, security: [{}, ...known, ...person], response }
  })
}
