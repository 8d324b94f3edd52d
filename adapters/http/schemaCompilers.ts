import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Validator = ((data: unknown) => unknown) & { errors?: unknown }
type Serialize = (data: unknown) => string

/**
 * Fastify's own compilers, put to work when a route is asked for the first time: to compile every schema at the start took a
 * second of a processor in each process, and most processes are never asked for most of their routes.
 */
const compilers = {
  buildValidator(schemas: never, options: never) {
    const compile = AjvCompiler()(schemas, options)
    return (part: { readonly schema: never }): Validator => {
      let validator: Validator | undefined
      const validate: Validator = (data) => {
        validator ??= compile(part as never) as Validator
        const result = validator(data)
        validate.errors = validator.errors
        return result
      }
      return validate
    }
  },
  buildSerializer(schemas: never, options: never) {
    const compile = SerializerSelector()(schemas, options)
    return (part: { readonly schema: never }): Serialize => {
      let serialize: Serialize | undefined
      return (data) => {
        serialize ??= compile(part as never) as Serialize
        return serialize(data)
      }
    }
  },
}

export const compilersFactory = compilers as unknown as NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>
