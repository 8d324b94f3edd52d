import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Validator = ((data: unknown) => unknown) & { errors?: unknown }
type Serialize = (data: unknown) => string
type Factories = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>

interface Part {
  readonly schema: never
}

/** What no request has needed yet. */
const waiting = new Set<() => unknown>()

/** Compiles all that waits: what cannot be compiled is found by a test, and no start pays for it. */
export function compileWaiting(): number {
  const count = waiting.size
  for (const compile of waiting) compile()
  return count
}

/** Compiles when it is first needed, and once. */
function later<T>(compile: () => T): () => T {
  let compiled: T | undefined
  const now = (): T => {
    if (compiled === undefined) {
      compiled = compile()
      waiting.delete(now)
    }
    return compiled
  }
  waiting.add(now)
  return now
}

/**
 * Fastify's own compilers, put to work when a route is asked for the first time: to compile every schema at the start took a
 * second of a processor in each process, and most processes are never asked for most of their routes. One of each for a server,
 * as Fastify has it.
 */
export function lazyCompilers(): Factories {
  const validators = AjvCompiler()
  const serializers = SerializerSelector()
  const factories = {
    buildValidator(schemas: never, options: never) {
      const compile = validators(schemas, options)
      return (part: Part): Validator => {
        const compiled = later(() => compile(part as never) as Validator)
        const validate: Validator = (data) => {
          const validator = compiled()
          const result = validator(data)
          validate.errors = validator.errors
          return result
        }
        return validate
      }
    },
    buildSerializer(schemas: never, options: never) {
      const compile = serializers(schemas, options)
      return (part: Part): Serialize => {
        const serialize = later(() => compile(part as never) as Serialize)
        return (data) => serialize()(data)
      }
    },
  }
  return factories as unknown as Factories
}
