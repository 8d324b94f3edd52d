import { describe, expect, test } from 'vitest'
import { newRegionKey } from '../../../adapters/crypto/regionKeys.ts'
import { readDirectory } from '../../../adapters/region/directoryFile.ts'
import type { DirectoryOptions } from '../../../adapters/region/directoryShape.ts'
import { complaint, keyFile, options, own, partner, sandbox, small, whole } from './directories.ts'
import { guangzhou } from './support.ts'

describe('a directory that is wrong says where', () => {
  const wrong: [what: string, text: string, message: string, how?: DirectoryOptions][] = [
    ['no YAML', '{', 'is no YAML'],
    ['nothing', '', 'at its top: '],
    [
      'an unknown field',
      whole.replace('versions: [1, 2]', 'colour: red'),
      'at regions.0.colour: a field that is not known',
    ],
    [
      'a division of five digits',
      whole.replace('division: 440100', 'division: 44010'),
      'at regions.0.division: must match pattern',
    ],
    [
      'no keys',
      small.replace(', keys: sandbox', ''),
      'at regions.0: must have required properties keys',
      sandbox,
    ],
    [
      'a day of no calendar',
      whole.replace('from: 2026-01-01}', 'from: 2026-02-30}'),
      'keys.0.from: must match format "date"',
    ],
    [
      'a compressed public key',
      whole.replace(guangzhou.publicKey, `02${'0'.repeat(64)}`),
      'at regions.0.keys.0.publicKey: must match pattern',
    ],
    [
      'a path in the address',
      whole.replace(':8443', ':8443/region'),
      'at regions.0.url: must match pattern',
    ],
    [
      'a password in the address',
      whole.replace('https://', 'https://a:b@'),
      'at regions.0.url: must match pattern',
    ],
    ['another protocol', whole.replace('https:', 'file:'), 'at regions.0.url: must match pattern'],
    [
      'more messages together than go in one envelope',
      whole.replace('versions: [1, 2]', 'together: 65'),
      'at regions.0.together: must match pattern',
    ],
    ['an address that is none', whole.replace(':8443', ':99999'), 'at regions.0.url: is no URL'],
    [
      'versions that are not spoken here',
      whole.replace('[1, 2]', '[2]'),
      'at regions.0.versions: 440100 speaks 2; this program speaks 1.',
    ],
    [
      'a region twice',
      `${own}${partner}${partner.replace('regions:\n', '')}`,
      'at regions.1: 440100 stands there twice.',
    ],
    [
      'a region without its divisions',
      whole.replace('    divisions: [440100, 440103]\n', ''),
      'at regions.0: divisions of 440100 must be given',
    ],
    [
      'other divisions than the rules have',
      `${own}${small.replace('keys', 'divisions: [310100, 310101], keys')}`,
      'are not those that RULES_DIR has',
      sandbox,
    ],
    [
      'a region that is served here',
      own + small.replace('310100', '510100'),
      '510100 is served here, so it is not asked.',
      sandbox,
    ],
    [
      'a division of two regions',
      whole.replace('440103', '510104'),
      '510104 belongs to 440100 and to 510100.',
    ],
    [
      'a region outside itself',
      whole.replace('[440100, 440103]', '[440103]'),
      'The divisions of 440100 must hold 440100 itself.',
    ],
    ['no key of ours', `own: []\n${partner}`, 'own has no key of 510100, which REGIONS names.'],
    [
      'a key of a region of others',
      own.replace('division: 510100', 'division: 510700') + partner,
      'is the key 510100-2026a of 510100, not 510100-2026a of 510700',
    ],
    [
      'a key under another id',
      whole.replace('id: 510100-2026a', 'id: 510100-2025'),
      'is the key 510100-2026a of 510100, not 510100-2025 of 510100',
    ],
    [
      'a key file that is not there',
      whole.replace('a.key', 'c.key'),
      'at own.0.keys.0.file, is /c.key, where there is no file.',
    ],
    [
      'one key under two ids',
      whole.replace(/(publicKey: )\w+(, from: 2025)/, `$1${guangzhou.publicKey}$2`),
      `The key old of 440100 is also the key ${guangzhou.id} of 440100.`,
    ],
    [
      'two keys under one id',
      whole.replace('id: old', `id: ${guangzhou.id}`),
      `440100 has the key id ${guangzhou.id} twice.`,
    ],
    [
      'keys of the sandbox in production',
      `${own}${small.replace('http:', 'https:')}`,
      "The key sandbox-310100 of 310100 is the sandbox's, which everybody knows.",
    ],
    [
      'our own of the sandbox in production',
      partner,
      "The key sandbox-510100 of 510100 is the sandbox's, which everybody knows.",
    ],
    [
      'people in clear over a network',
      whole.replace('https:', 'http:'),
      'The url of 440100 must be https, or http to a gateway on this machine.',
    ],
  ]
  test.each(wrong)('%s', (_, text, message, how) => {
    expect(complaint(text, how)).toContain(message)
  })

  test('no file', () => {
    expect(() => readDirectory('/nowhere.yaml', options)).toThrow(
      'REGION_DIRECTORY is /nowhere.yaml, where there is no file.',
    )
  })

  test('a gateway on this machine may be spoken to in clear', () => {
    for (const host of ['127.0.0.1:8443', 'localhost:8443', '[::1]:8443'])
      expect(complaint(whole.replace('https://region.example:8443', `http://${host}`))).toBe(
        'nothing is wrong',
      )
  })

  const secret = /private (\w+)/.exec(newRegionKey('510100', '510100-2026a'))?.[1] as string
  test.each([
    ['can be read by others', newRegionKey('510100', '510100-2026a'), 0o644, 'Give it mode 0600'],
    ['is something else', 'hello', 0o600, 'is no key file of a region'],
    [
      'has halves of two keys',
      newRegionKey('510100', '510100-2026a').replace(/private \w+/, `private ${secret}`),
      0o600,
      'two halves do not belong together',
    ],
    [
      'has no number for a key',
      newRegionKey('510100', '510100-2026a').replace(/private \w+/, `private ${'f'.repeat(64)}`),
      0o600,
      'two halves do not belong together',
    ],
  ])('a key file that %s', (_, text, mode, message) => {
    keyFile('d.key', text, mode)
    const said = complaint(whole.replace('a.key', 'd.key'))
    expect(said).toContain(message)
    expect(said).not.toContain(secret)
  })
})
