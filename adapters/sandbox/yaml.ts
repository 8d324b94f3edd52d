import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** One map of the world file. Every value in it is text, a list or a map: no number is ever made. */
export type Fields = Readonly<Record<string, unknown>>

export function readYamlFile(file: string): Fields {
  return fieldsOf(parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }), file)
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`The sandbox world has no map at ${where}.`)
  return value as Fields
}

/** The text of a field that must be there. */
export function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string')
    throw new Error(`The sandbox world lacks "${name}" in ${show(fields)}.`)
  return value
}

export const maybeText = (fields: Fields, name: string): string | undefined =>
  fields[name] === undefined ? undefined : text(fields, name)

/** A text that must be one of some words. */
export function word<W extends string>(fields: Fields, name: string, words: readonly W[]): W {
  const value = text(fields, name)
  const found = words.find((each) => each === value)
  if (found === undefined)
    throw new Error(
      `"${value}" is not a ${name} the sandbox world may have; it knows ${words.join(', ')}.`,
    )
  return found
}

export function texts(fields: Fields, name: string): string[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw new Error(`The sandbox world has no list of texts "${name}" in ${show(fields)}.`)
  return value
}

export function maps(fields: Fields, name: string): Fields[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value))
    throw new Error(`The sandbox world has no list "${name}" in ${show(fields)}.`)
  return value.map((item, i) => fieldsOf(item, `${name}[${i}]`))
}

export const map = (fields: Fields, name: string): Fields => fieldsOf(fields[name], name)

export const maybeMap = (fields: Fields, name: string): Fields | undefined =>
  fields[name] === undefined ? undefined : map(fields, name)

const show = (fields: Fields): string =>
  maybeText(fields, 'key') ?? maybeText(fields, 'code') ?? Object.keys(fields).join(', ')
