import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../../adapters/http/json.ts'
import { explain } from '../../../adapters/http/problem.ts'
import { checkFit } from '../../../adapters/region/fitting.ts'
import { type Kinds, Malformed } from '../../../adapters/region/forms.ts'
import { askForm, replyForm } from '../../../adapters/region/messageForms.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { decide } from '../../../engine/decide.ts'
import { refusalCodes, refuse } from '../../../engine/refusal.ts'
import { randomBill } from '../../properties/support/bills.ts'
import { Random } from '../../properties/support/random.ts'
import { rules, words, world } from '../../properties/support/run.ts'
import { arbitraryOf } from './arbitrary.ts'
import { awayClaim, split } from './examples.ts'

const answers = replyForm((refusal) => explain(refusal).message)

const over = (value: unknown): unknown => readJson(Buffer.from(JSON.stringify(value)))
/** There and back as it travels. */
const travel = <D extends { readonly kind: string }>(
  form: Kinds<D>,
  value: D,
  strict: boolean,
): D => form.read(over(form.write(value)), strict)

/** A claim as it stands on the wire, for a test to spoil. */
interface Wire {
  scoped: {
    total: unknown
    day: unknown
    care: unknown
    emergency: unknown
    lines: [{ day: unknown }, { day: unknown }]
  }
  credential: { number?: unknown }
  scheme?: unknown
}

describe('messages between regions', () => {
  test.each(askForm.names)('whatever may be asked as "%s" comes out as it went in', (kind) => {
    const variant = variantOf(askForm.schema, kind)
    fc.assert(
      fc.property(arbitraryOf(variant), (wire) => {
        const asked = askForm.read(over(wire), true)
        // The wire holds every field of the schema, so none is lost on the way in or on the way out.
        expect(askForm.write(asked)).toEqual(wire)
        expect(travel(askForm, asked, true)).toEqual(asked)
      }),
      { numRuns: 150 },
    )
  })

  test.each(answers.names)('whatever may be answered as "%s" comes out as it went in', (kind) => {
    const variant = variantOf(answers.schema, kind)
    fc.assert(
      fc.property(arbitraryOf(variant), (wire) => {
        const reply = answers.read(over(wire), false)
        if (reply.kind !== 'refused') expect(answers.write(reply)).toEqual(wire)
        expect(travel(answers, reply, false)).toEqual(reply)
      }),
      { numRuns: 150 },
    )
  })

  test('claims and splits of the engine, over the rules of every pack, come out as they went in', () => {
    let away = 0
    for (let own = 1; own <= 1_500; own++) {
      const r = new Random(own)
      const bill = randomBill(r, world, r.one(rules), words)
      const settled = decide(bill.claim, bill.facts, world)
      if (settled.kind !== 'settle') continue
      const { settlement } = settled
      const back = travel(answers, { kind: 'previewed', split: settlement }, false)
      if (back.kind !== 'previewed') throw new Error('it was not previewed')
      expect(given(settlement)).toMatchObject(back.split)
      const { careRegion, homeRegion } = settlement
      if (careRegion === homeRegion) continue
      const home = world.regions.regionOf(homeRegion)
      const regions = world.rulebooks.directory([careRegion], home ? [home] : [])
      const asked = decide(bill.claim, bill.facts, { ...world, regions })
      if (asked.kind !== 'askHome') continue
      away++
      const { claim } = asked
      const ask: RegionAsk = { kind: 'settle', reference: `H ${own}`, claim }
      expect(travel(askForm, ask, true)).toEqual(given(ask))
      checkFit({ kind: 'preview', claim }, back)
    }
    expect(away).toBeGreaterThan(100)
  })

  test('a refusal keeps its code and facts, and one that nobody here knows keeps its sentences', () => {
    for (const code of refusalCodes) {
      const reply: RegionReply = { kind: 'refused', refusal: refuse(code, { day: '2026-03-02' }) }
      expect(travel(answers, reply, false)).toEqual(reply)
    }
    const message = { en: 'Come back after the harvest.', zh: '请秋收后再来。', ar: 'later' }
    const refusal = { code: 'harvest-first', facts: { day: '2026-09-30' }, message, since: 'v7' }
    const read = answers.read(over({ kind: 'refused', refusal }), false)
    const { en, zh } = message
    expect(read).toEqual({
      kind: 'refused',
      refusal: refuse('home-region-refused', { theirs: 'harvest-first', en, zh }),
    })
    if (read.kind !== 'refused') throw new Error('it was not refused')
    const { message: said } = explain(read.refusal)
    expect(said.en).toContain('Come back after the harvest.')
    expect(said.zh).toContain('请秋收后再来。')
  })

  test('a newer region may tell more than is known here, and may not ask with it', () => {
    const reply = over(answers.write({ kind: 'previewed', split })) as { split: object }
    const more = { ...reply, split: { ...reply.split, mood: 'good' }, weather: 'rain' }
    expect(answers.read(more, false)).toEqual({ kind: 'previewed', split })
    const warned = {
      ...reply,
      split: { ...reply.split, warnings: [{ code: 'new-warning', facts: {} }] },
    }
    expect(answers.read(warned, false)).toEqual({
      kind: 'previewed',
      split: { ...split, warnings: [] },
    })
    const asked = over(askForm.write({ kind: 'preview', claim: awayClaim })) as { claim: object }
    expect(() => askForm.read({ ...asked, weather: 'rain' }, true)).toThrow(
      new Malformed('/weather', 'a field that is known'),
    )
    expect(() => askForm.read({ ...asked, claim: { ...asked.claim, mood: 1 } }, true)).toThrow(
      new Malformed('/claim/mood', 'a field that is known'),
    )
  })

  const wrong: [what: string, change: (claim: Wire) => void, field: string][] = [
    ['an amount as a number', (c) => (c.scoped.total = 283), '/claim/scoped/total'],
    ['an amount with one decimal', (c) => (c.scoped.total = '283.0'), '/claim/scoped/total'],
    ['a negative amount', (c) => (c.scoped.total = '-1.00'), '/claim/scoped/total'],
    ['a day that no calendar has', (c) => (c.scoped.day = '2026-02-30'), '/claim/scoped/day'],
    [
      'such a day of a line',
      (c) => (c.scoped.lines[1].day = '2026-02-30'),
      '/claim/scoped/lines/1/day',
    ],
    ['a word of nobody', (c) => (c.scoped.care = 'spa'), '/claim/scoped/care'],
    ['a flag as text', (c) => (c.scoped.emergency = 'false'), '/claim/scoped/emergency'],
    ['a field that is missing', (c) => delete c.credential.number, '/claim/credential/number'],
    ['a control character', (c) => (c.credential.number = 'a\nb'), '/claim/credential/number'],
    ['null where something may be absent', (c) => (c.scheme = null), '/claim/scheme'],
  ]
  test.each(wrong)('%s is refused with its field', (_, change, field) => {
    const asked = over(askForm.write({ kind: 'preview', claim: awayClaim })) as { claim: Wire }
    change(asked.claim)
    expect(() => askForm.read(asked, true)).toThrow(expect.objectContaining({ field }))
  })

  test.each([null, 7, 'settle', [], {}, { kind: 7 }, { kind: 'constructor' }, { kind: 'bribe' }])(
    '%j is no kind of message',
    (wire) => {
      expect(() => askForm.read(wire, true)).toThrow(Malformed)
      expect(() => answers.read(wire, false)).toThrow(Malformed)
    },
  )
})

/** What is undefined is not sent. */
const given = <D>(value: D): D =>
  (typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(given)
      : Object.fromEntries(
          Object.entries(value).flatMap(([k, v]) => (v === undefined ? [] : [[k, given(v)]])),
        )) as D

function variantOf(schema: object, kind: string): object {
  const { anyOf } = schema as { anyOf: { properties: { kind: { const: string } } }[] }
  const found = anyOf.find(({ properties }) => properties.kind.const === kind)
  if (!found) throw new Error(`there is no ${kind}`)
  return found
}
