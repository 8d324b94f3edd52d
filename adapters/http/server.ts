import { randomUUID } from 'node:crypto'
import { parse } from 'node:querystring'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Config } from '../config.ts'
import type { Metrics } from '../metrics.ts'
import { serveAnomalies } from './anomalies.ts'
import type { App } from './app.ts'
import { serveAudit } from './audit.ts'
import { batchType } from './lineUpload.ts'
import { recordReads, recordStreams } from './access.ts'
import { serveAccessLog } from './accessLog.ts'
import { callerResolver, refuseOpenDoor } from './caller.ts'
import { serveCardAuthentication } from './cardAuthentication.ts'
import { serveClearing } from './clearing.ts'
import { serveCrossings } from './crossings.ts'
import { serveCollections } from './collections.ts'
import { Complaint } from './complaint.ts'
import { answerClientError, answerError, answerFrameworkError } from './failure.ts'
import { serveExports } from './exports.ts'
import { serveFilings } from './filings.ts'
import { serveFinding } from './finding.ts'
import { serveHealth } from './health.ts'
import { readJson } from './json.ts'
import { serveLedger } from './ledger.ts'
import { serveMovementBatch, serveMovements } from './movements.ts'
import type { Desk, Door } from './needs.ts'
import { document } from './openapi.ts'
import { serveCards } from './cards.ts'
import { serveECards } from './eCards.ts'
import { serveVerification } from './identityVerification.ts'
import { serveIdentity } from './identity.ts'
import { serveMe } from './me.ts'
import { servePeople } from './people.ts'
import { keepToOperators, keepToOwn, keepToRole } from './permission.ts'
import { showRights } from './rightsShown.ts'
import { serveRecords } from './records.ts'
import { serveRecoveries } from './recoveries.ts'
import { serveReimbursements } from './reimbursements.ts'
import { serveResettlements } from './resettlements.ts'
import { serveQuickLists } from './quickLists.ts'
import { serveOffline } from './quickOffline.ts'
import { serveQuickPayments } from './quickPayments.ts'
import { serveQuickSwitch } from './quickSwitch.ts'
import { serveRegions } from './regions.ts'
import { answerUnrouted, noteRoutes } from './routes.ts'
import { serveRules } from './rules.ts'
import { serveReversals } from './reversals.ts'
import { lazyCompilers } from './schemaCompilers.ts'
import { serveSeal } from './seal.ts'
import { claimLimit, serveClaimBatch, serveSettlements } from './settlements.ts'
import { serveTotals } from './totals.ts'
import { formatSchemaError } from './validation.ts'
import { Problem } from './words.ts'

export interface Around {
  readonly log: FastifyBaseLogger
  readonly metrics: Metrics
}

/**
 * The routes of another interface below a path of its own, in a scope of their own: what is set there, such as parsers and
 * an error handler, holds for them alone.
 */
export interface Further {
  readonly prefixes: readonly string[]
  serve(app: FastifyInstance): Promise<void>
}

/** In a query a plus sign means a space, but whoever writes +08:00 by hand means a plus. */
function readQuery(text: string): Record<string, unknown> {
  const query = parse(text)
  for (const name of ['asOf', 'from', 'until', 'postedFrom', 'postedUntil']) {
    const moment = query[name]
    if (typeof moment === 'string') query[name] = moment.replace(' ', '+')
  }
  return query
}

/** Time limits are set for a public door: a slow sender is answered 408 and let go (faults 2.6, F35). */
const settings = {
  bodyLimit: claimLimit,
  requestTimeout: 10_000,
  connectionTimeout: 15_000,
  keepAliveTimeout: 72_000,
  maxRequestsPerSocket: 10_000,
  return503OnClosing: true,
  onProtoPoisoning: 'error',
  onConstructorPoisoning: 'error',
  exposeHeadRoutes: false,
  requestIdHeader: false,
  trustProxy: false,
  http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
  routerOptions: { maxParamLength: 200, querystringParser: readQuery },
  ajv: {
    customOptions: {
      coerceTypes: false,
      removeAdditional: false,
      useDefaults: false,
      allErrors: false,
      strictNumbers: true,
      verbose: true,
    },
  },
} as const

const mostConnections = 4_000

/** Builds the server without listening, so that tests may inject requests. */
export async function buildServer(
  desk: Desk,
  config: Pick<Config, 'mode' | 'host'> & Partial<Pick<Config, 'callersFile'>>,
  { log, metrics }: Around,
  door: Door = { closing: false },
  further: readonly (Further | undefined)[] = [],
): Promise<App> {
  refuseOpenDoor(config)
  const others = further.filter((one) => one !== undefined)
  const app = fastify({
    ...settings,
    schemaController: { compilersFactory: lazyCompilers() },
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    schemaErrorFormatter: formatSchemaError,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>() as App
  // Of several processes one that is full would else hand a connection on to the next, and full ones to each other for ever.
  Object.assign(app.server, { maxConnections: mostConnections, dropMaxConnection: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => readJson(body),
  )
  app.addSchema(Problem)
  app.setErrorHandler(answerError)
  guard(app, desk, { door, metrics, elsewhere: others.flatMap(({ prefixes }) => prefixes) })
  const routes = noteRoutes(app)
  showRights(app)
  app.setNotFoundHandler((request, reply) => answerUnrouted(routes, request, reply))
  await app.register(swagger, document)
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    uiConfig: { docExpansion: 'list' },
  })
  await app.register(async (scope) => serveRoutes(scope as unknown as App, desk, metrics, door))
  for (const one of others)
    await app.register(async (scope) => one.serve(scope as unknown as FastifyInstance))
  await app.ready()
  return app
}

function serveRoutes(app: App, desk: Desk, metrics: Metrics, door: Door): void {
  serveSettlements(app, desk)
  if (desk.collections) serveCollections(app, desk, desk.collections)
  if (desk.clearing) serveClearing(app, desk, desk.clearing)
  serveReversals(app, desk)
  serveReimbursements(app, desk, desk.agency)
  serveResettlements(app, desk, desk.agency)
  serveRecoveries(app, desk, desk.agency)
  serveQuickPayments(app, desk)
  serveQuickLists(app, desk)
  serveQuickSwitch(app, desk)
  serveMovements(app, desk)
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(batchType, (_request, payload, done) => done(null, payload))
    serveClaimBatch(scope, desk)
    serveMovementBatch(scope, desk)
    serveOffline(scope, desk)
  })
  serveCardAuthentication(app, desk)
  serveECards(app, desk)
  serveVerification(app, desk)
  serveCards(app, desk)
  servePeople(app, desk)
  serveIdentity(app, desk)
  serveRecords(app, desk)
  serveFilings(app, desk)
  serveFinding(app, desk, metrics)
  serveLedger(app, desk)
  serveAnomalies(app, desk.anomalies)
  if (desk.seal) serveSeal(app, desk.seal)
  if (desk.audit) serveAudit(app, desk, desk.audit)
  serveTotals(app, desk)
  serveExports(app, desk)
  serveRules(app, desk)
  serveRegions(app, desk)
  serveCrossings(app, desk)
  serveAccessLog(app, desk.access)
  serveMe(app)
  serveHealth(app, desk, metrics, door)
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

const jsonForm = /^application\/json(;\s*charset="?utf-8"?)?$/i

/** Paths that are sent a line at a time. */
const streamed = /\/(batch|offline)$/

/** A parser that is lenient with types has been a way around validation before; ours knows one spelling. */
function checkContent({ method, is404, headers, routeOptions }: FastifyRequest): void {
  if (method === 'GET' || is404) return
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Complaint('media-type-unsupported', { expected: 'sent without Content-Encoding' })
  const type = headers['content-type']
  if (type === undefined || jsonForm.test(type) || streamed.test(routeOptions.url ?? '')) return
  throw new Complaint('media-type-unsupported', { expected: 'application/json in UTF-8' })
}

const pages = /^\/docs(\/|$)/

/** The pages need nothing but what stands here, and they must load without TLS from another machine as well. */
const pagePolicy =
  "default-src 'self'; base-uri 'self'; frame-ancestors 'self'; img-src 'self' data:; object-src 'none'"

interface Guarding {
  readonly door: Door
  readonly metrics: Metrics
  /** Where another interface has its own ways. */
  readonly elsewhere: readonly string[]
}

/** What holds for every request, before anything of it is read. */
function guard(app: App, desk: Desk, { door, metrics, elsewhere }: Guarding): void {
  app.decorateRequest('caller', null as never)
  app.decorateRequest('tellsOf', null)
  app.decorateRequest('isRecorded', false)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Content-Type-Options', 'nosniff')
    if (!pages.test(request.url)) reply.header('Cache-Control', 'no-store')
    if (door.closing && request.url.startsWith('/v1/')) throw new Complaint('closing')
    if (!elsewhere.some((prefix) => request.routeOptions.url?.startsWith(prefix)))
      checkContent(request)
  })
  app.addHook('onRequest', callerResolver(desk))
  app.addHook('onRequest', keepToRole(desk))
  app.addHook('preHandler', keepToOwn(desk))
  app.addHook('preHandler', keepToOperators(desk))
  app.addHook('preSerialization', recordReads(desk))
  app.addHook('onSend', recordStreams(desk))
  // At the answer and not at the request: whoever is still waiting must not send the next one on this connection.
  app.addHook('onSend', async (_request, reply) => {
    if (door.closing) reply.header('Connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const path = request.routeOptions.url ?? 'unrouted'
    const method = request.routeOptions.url === undefined ? 'any' : request.method
    metrics.answered(method, path, reply.statusCode, reply.elapsedTime)
    request.log.debug(
      { req: request, res: reply, took_ms: Math.round(reply.elapsedTime * 10) / 10 },
      'answered',
    )
  })
}
