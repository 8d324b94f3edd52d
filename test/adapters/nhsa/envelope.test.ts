import { describe, expect, test } from 'vitest'
import { openEnvelope, readWrapped } from '../../../adapters/nhsa/envelope.ts'
import { WrongInput } from '../../../adapters/nhsa/read.ts'
import { receiptId, wrap } from '../../../adapters/nhsa/reply.ts'
import { envelope } from './envelopes.ts'

const body = (more: Record<string, unknown> = {}, input: unknown = { data: { a: '1' } }) =>
  envelope('2201', input, { homeRegion: '', more })
const read = (more?: Record<string, unknown>, input?: unknown) =>
  openEnvelope(readWrapped(body(more, input)), body(more, input).input)

describe('a request envelope', () => {
  test('is read with its words', () => {
    expect(read({ infno: '2207A', sign_no: 'S1' })).toMatchObject({
      infno: '2207A',
      institution: 'H51010000001',
      careRegion: '510100',
      homeRegion: undefined,
      operatorType: '1',
      signNo: 'S1',
      sentAt: Date.parse('2026-03-02T09:00:00+08:00'),
    })
  })

  test.each([
    ['infno', undefined],
    ['infno', '22'],
    ['infno', '2201AB'],
    ['msgid', undefined],
    ['msgid', 'H5101000000120260302090000000'],
    ['msgid', 'H51010000001202603020900000001x'],
    ['msgid', 'H51010000002202603020900000001'],
    ['msgid', 'H51010000001202602300900000001'],
    ['msgid', 'H51010000001202603022400000001'],
    ['msgid', 'H51010000001202603020960000001'],
    ['mdtrtarea_admvs', '51010'],
    ['insuplc_admdvs', '51010a'],
    ['recer_sys_code', ''],
    ['recer_sys_code', '12345678901'],
    ['dev_no', 'x'.repeat(101)],
    ['cainfo', 'x'.repeat(1025)],
    ['opter_type', '9'],
    ['opter_type', undefined],
    ['opter', ''],
    ['opter_name', '名'.repeat(51)],
    ['inf_time', '2026-13-02 09:00:00'],
    ['inf_time', undefined],
    ['fixmedins_code', 'H5101000000'],
    ['fixmedins_name', '名'.repeat(201)],
    ['fixmedins_name', null],
    ['sign_no', 'x'.repeat(31)],
  ])('with %s %j is refused, and the field is named', (field, value) => {
    expect(() => read({ [field]: value })).toThrow(WrongInput)
    expect(() => read({ [field]: value })).toThrow(field)
  })

  test.each([undefined, null, ''])('without an input (%j) is refused', (input) => {
    expect(() => readWrapped({ ...body(), input })).toThrow('缺少交易输入')
  })

  test.each([undefined, '', 'V1.0', '1.0.0', 'V2.0.1-sc'])('may have the version %j', (infver) => {
    expect(read({ infver }).infno).toBe('2201')
  })

  test('may have a name of 200 characters', () => {
    expect(read({ fixmedins_name: '名'.repeat(200) }).institutionName).toHaveLength(200)
  })

  test('takes an input of 40,000 characters and none of one more', () => {
    const input = { data: { a: 'x'.repeat(40_000 - '{"data":{"a":""}}'.length) } }
    expect(JSON.stringify(input)).toHaveLength(40_000)
    expect(read({}, input).input).toEqual(input)
    expect(() => read({}, { data: { a: `${input.data.a}x` } })).toThrow('40000')
  })

  test.each([
    { data: { psn_no: '1' } },
    { mdtrtinfo: { a: 1 }, diseinfo: [{ b: 1 }, { psn_no: '1' }] },
  ])('names the insured region where the input names a person: %j', (input) => {
    expect(() => read({}, input)).toThrow('insuplc_admdvs')
    expect(read({ insuplc_admdvs: '510100' }, input).homeRegion).toBe('510100')
  })

  test('needs no insured region where the person is left empty', () => {
    expect(read({}, { data: { psn_no: '' } }).homeRegion).toBeUndefined()
  })

  test.each([[[]], ['text'], [1], [null], [true]])('is an object, not %j', (given) => {
    expect(() => readWrapped(given)).toThrow(WrongInput)
  })
})

describe('a response envelope', () => {
  const at = Date.parse('2026-03-02T09:00:00.123+08:00')
  const receipt = { division: '510100', at, serial: 7n }

  test('has every field in its order', () => {
    const answered = { output: { a: 1 }, warnings: ['一', '二'] }
    expect(Object.entries(wrap(answered, receipt, at + 5))).toEqual([
      ['infcode', 0],
      ['inf_refmsgid', '510100202603020900000000000007'],
      ['refmsg_time', '20260302090000123'],
      ['respond_time', '20260302090000128'],
      ['err_msg', ''],
      ['output', { a: 1 }],
      ['enctype', ''],
      ['signtype', ''],
      ['cainfo', ''],
      ['warn_msg', '一；二'],
    ])
  })

  test('cuts what is too long for err_msg and warn_msg at 200 characters', () => {
    const { err_msg, infcode, output } = wrap({ refused: '𠮷'.repeat(201) }, receipt, at)
    expect(Array.from(err_msg)).toHaveLength(200)
    expect(err_msg.endsWith('𠮷…')).toBe(true)
    expect([infcode, output]).toEqual([-1, null])
    const said = { output: {}, warnings: ['长'.repeat(300)] }
    expect(Array.from(wrap(said, receipt, at).warn_msg)).toHaveLength(200)
  })

  test('whoever is turned away has a receipt of 30 characters that no other has', () => {
    const ids = Array.from({ length: 50 }, () => receiptId({ division: '510100', at }))
    expect(new Set(ids).size).toBe(50)
    for (const id of ids) expect(id).toMatch(/^510100202603020900009\d{9}$/)
  })
})
