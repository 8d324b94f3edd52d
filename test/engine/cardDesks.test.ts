import { describe, expect, test } from 'vitest'
import { type AskedService, askedServices, cardServices } from '../../engine/cardLife.ts'
import { documentsNeeded } from '../../engine/cardActor.ts'
import { actingGrounds, type DocumentKind } from '../../engine/cardDocuments.ts'
import type { Person } from '../../engine/person.ts'
import { allBut, CardDesk, type More } from './support/cards.ts'
import { day } from './support/packs.ts'
import { card, coverage, today } from './support/world.ts'

const child = { birth: day('2020-05-05') }
const elder = { birth: day('1956-11-23') }

/** A card in a state in which the service may be done. */
function ready(service: AskedService, of: Partial<Person> = {}): CardDesk {
  const states: Partial<Record<AskedService, Parameters<typeof card>[0]>> = {
    making: { life: 'requested' },
    delivery: { life: 'made' },
    activation: { life: 'issued' },
    reissue: { loss: { kind: 'formal' } },
    'loss-cancel': { loss: { kind: 'formal' } },
    'bank-cancellation': { life: 'cancelled' },
  }
  const first = service === 'application' ? [] : [card(states[service])]
  return new CardDesk(first, service === 'relocation' ? { ...of, coverages: moved } : of)
}
const moved = [coverage({ region: '510700' })]
const ask = (service: AskedService, of: Partial<Person>, more: More): unknown =>
  ready(service, of).refused(service, service === 'application' ? undefined : 'c1', {
    ...more,
    desk: { division: service === 'relocation' ? '510700' : '510100', ...more.desk },
  })

describe('what must be shown', () => {
  test('is every document of the table: without one of them nothing is done', () => {
    for (const service of askedServices) {
      expect(ask(service, {}, {})).toBe('done')
      for (const kind of cardServices[service].documents.filter((k) => k !== 'second-operator'))
        expect([service, ask(service, {}, { documents: allBut(kind) })]).toEqual([
          service,
          ['document-missing', kind],
        ])
    }
  })

  test.each([
    ['death', 'death-certificate'],
    ['emigration', 'emigration-papers'],
    ['missing', 'missing-ruling'],
    ['surplus', 'id-document'],
  ] as const)('is more for a cancellation because of %s: %s', (reason, kind) => {
    expect(ask('cancellation', {}, { reason, documents: allBut(kind) })).toEqual([
      'document-missing',
      kind,
    ])
  })

  test('is nothing by telephone, and card and PIN alone at a machine', () => {
    expect(ask('temporary-loss', {}, { desk: { channel: 'hotline' } })).toBe('done')
    for (const service of askedServices.filter((name) => cardServices[name].documents.length > 0))
      expect(ask(service, {}, { desk: { channel: 'hotline' } })).toContain('document-missing')
    expect(ask('pin', {}, { desk: { channel: 'self' } })).toBe('done')
    expect(ask('activation', {}, { desk: { channel: 'self' } })).toEqual([
      'document-missing',
      'id-document',
    ])
  })

  test('cannot be claimed where there is no second person', () => {
    expect(ask('pin-reset', {}, { documents: allBut(), desk: { second: undefined } })).toEqual([
      'document-missing',
      'second-operator',
    ])
  })
})

describe('a photo', () => {
  const none = allBut('photo')

  test('is due from the seventh birthday, and not before', () => {
    const born = (date: string): unknown =>
      ask('application', { birth: day(date) }, { documents: none })
    expect(born('2019-11-24')).toBe('done')
    expect(born('2019-11-23')).toEqual(['document-missing', 'photo'])
  })

  test('stays on the next card, unless the holder looks different', () => {
    expect(ask('replacement', {}, { documents: none })).toBe('done')
    expect(ask('replacement', {}, { documents: none, reason: 'changed-appearance' })).toEqual([
      'document-missing',
      'photo',
    ])
  })

  test('is put on the card of a child when it is replaced', () => {
    const desk = new CardDesk([card({ photo: false })], child)
    desk.do('replacement', 'c1', { documents: none })
    expect(desk.card('n1').photo).toBe(false)
    const grown = new CardDesk([card({ photo: false })])
    expect(grown.refused('replacement', 'c1', { documents: none })).toEqual([
      'document-missing',
      'photo',
    ])
    grown.do('replacement', 'c1')
    expect(grown.card('n1').photo).toBe(true)
  })
})

describe('Q2, those who come for another', () => {
  const proofs: [string, Partial<Person>, DocumentKind[]][] = [
    ['away', {}, ['proxy-id-document', 'authorization', 'away-proof']],
    ['elderly', elder, ['proxy-id-document', 'authorization', 'difficulty-proof']],
    ['disabled', {}, ['proxy-id-document', 'authorization', 'disability-certificate']],
    ['guardian', child, ['guardian-id-document', 'guardianship-proof']],
    ['guardian', {}, ['guardian-id-document', 'guardianship-proof', 'incapacity-proof']],
  ]
  test.each(proofs)('on the ground %s for %j show %j', (ground, of, kinds) => {
    const acting = { ground } as never
    expect(ask('formal-loss', of, { acting })).toBe('done')
    for (const kind of kinds)
      expect(ask('formal-loss', of, { acting, documents: allBut(kind) })).toEqual([
        'document-missing',
        kind,
      ])
    const { documents } = cardServices['formal-loss']
    const row = { ...cardServices['formal-loss'], documents }
    const birth = of.birth ?? day('1980-05-05')
    expect(documentsNeeded(row, { acting }, { birth }, today, true)).toEqual([
      ...documents,
      ...kinds,
    ])
  })

  test('because the holder is elderly come from the sixtieth birthday on', () => {
    const acting = { ground: 'elderly' } as const
    const born = (date: string): unknown => ask('details', { birth: day(date) }, { acting })
    expect(born('1966-11-23')).toBe('done')
    expect(born('1966-11-24')).toEqual(['proxy-not-allowed', 'not-elderly'])
  })

  test('never change the PIN, and only a guardian has it reset', () => {
    for (const ground of actingGrounds) {
      expect(ask('pin', {}, { acting: { ground } })).toEqual(['proxy-not-allowed', 'holder-alone'])
      expect(ask('pin-reset', {}, { acting: { ground } })).toEqual(
        ground === 'guardian' ? 'done' : ['proxy-not-allowed', 'guardian-alone'],
      )
    }
  })

  test('are the family only where the holder has died or is missing', () => {
    const acting = { ground: 'family' } as const
    for (const reason of ['death', 'missing'])
      expect(ask('cancellation', {}, { acting, reason })).toBe('done')
    expect(ask('cancellation', {}, { acting, reason: 'surplus' })).toEqual([
      'proxy-not-allowed',
      'holder-can-come',
    ])
    expect(ask('formal-loss', {}, { acting })).toEqual(['proxy-not-allowed', 'holder-can-come'])
    expect(
      ask('cancellation', {}, { acting, reason: 'death', documents: allBut('kinship-proof') }),
    ).toEqual(['document-missing', 'kinship-proof'])
  })

  test('may report a card lost for a while without any proof', () => {
    const acting = { ground: 'guardian' } as const
    expect(ask('temporary-loss', {}, { acting, documents: [] })).toBe('done')
  })
})

describe('the desk', () => {
  test('is one that is known, of the province of the card', () => {
    for (const service of askedServices.filter(
      (name) => name !== 'application' && name !== 'relocation',
    )) {
      expect(ask(service, {}, { desk: { division: '510700' } })).toBe('done')
      expect(ask(service, {}, { desk: { division: '440100' } })).toEqual([
        'desk-of-another-province',
        '440100',
      ])
      expect(ask(service, {}, { desk: { division: '999999' } })).toEqual(['desk-unknown', '999999'])
    }
  })

  test('of a first card is at the place of insurance or of work', () => {
    const none = { coverages: [] }
    const at = (division: string): More => ({
      desk: { division },
      documents: allBut('employment-document'),
    })
    expect(ask('application', {}, at('510199'))).toBe('done')
    expect(ask('application', {}, at('510700'))).toEqual(['applicant-not-in-province', '510700'])
    expect(ask('application', none, at('510100'))).toEqual(['applicant-not-in-province', '510100'])
    const ended = { coverages: [coverage({ until: day('2026-11-22') })] }
    expect(ask('application', ended, at('510100'))).toEqual(['applicant-not-in-province', '510100'])
    const documents = [...allBut(), { kind: 'employment-document', place: '510700' } as const]
    expect(ask('application', none, { ...at('510700'), documents })).toBe('done')
    expect(ask('application', none, { ...at('510100'), documents })).toEqual([
      'applicant-not-in-province',
      '510100',
    ])
  })

  test('of a first card is the place that manages it, the pooling area of a division', () => {
    const desk = new CardDesk()
    desk.do('application', undefined, { desk: { division: '510199' } })
    expect(desk.card('n1').managedIn).toBe('510100')
  })
})
