import type { FastifyReply, FastifyRequest } from 'fastify'
import { type App, sendProblem } from './app.ts'
import { complain } from './problem.ts'

/** The methods of every path that is served, with a pattern to know the path by. */
type Routes = Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>

/** Notes routes as they are added. A router knows no path by itself, only a path with a method. */
export function noteRoutes(app: App): Routes {
  const routes: Routes = new Map()
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url)?.methods ?? new Set()
    for (const one of [method].flat()) known.add(one)
    const source = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')
    routes.set(url, { pattern: new RegExp(`^${source}$`), methods: known })
  })
  return routes
}

/** A path that exists is told from one that does not: 405 with what it answers, or 404. */
export function answerUnrouted(
  routes: Routes,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.split('?', 1)[0] as string
  const methods = [...routes.values()]
    .filter(({ pattern }) => pattern.test(path))
    .flatMap((route) => [...route.methods])
  if (methods.length === 0) return sendProblem(reply, complain('route-unknown'))
  const allowed = [...new Set(methods)].sort().join(', ')
  reply.header('Allow', allowed)
  return sendProblem(reply, complain('method-not-allowed', { allowed }))
}
