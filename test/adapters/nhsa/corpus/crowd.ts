import { withCheckDigit } from '../../../support/citizenNumber.ts'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'

/** An invented employee of Chengdu, one of many alike, so that each message meets somebody it has to itself. */
export interface Patient {
  readonly psn_no: string
  readonly certno: string
  readonly psn_name: string
}

const patient = (i: number): Patient => ({
  psn_no: `51010000000000000002${String(i).padStart(4, '0')}`,
  certno: withCheckDigit(`51019919860401${String(i).padStart(3, '0')}`),
  psn_name: `演示群众${i}`,
})

const worldOf = ({ psn_no, certno, psn_name }: Patient, i: number) => {
  const number = String(i).padStart(4, '0')
  return {
    key: `P${i}`,
    says: 'one of a crowd',
    name: psn_name,
    certno,
    psn_no,
    gend: '1',
    brdy: '1986-04-01',
    naty: '01',
    region: '510100',
    card: {
      cardno: `D9000${number}`,
      card_sn: `510100D156000005019999999999${number}`,
      version: '3.00',
      issued: '2021-05-01',
      expires: '2031-05-01',
      life: 'active',
      loss: 'none',
      pinState: 'set',
      photo: true,
    },
    insured: [
      {
        scheme: 'employee',
        insutype: '310',
        psn_type: '11',
        group: 'working',
        balance: '1378.15',
        since: '2020-01-01',
      },
    ],
  }
}

/** Rules whose sandbox world has so many people more; `end` removes them. */
export function crowdedRules(size: number) {
  const rules = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-crowd-'))
  cpSync('rules', rules, { recursive: true })
  const world = path.join(rules, 'sandbox', 'world.yaml')
  const crowd = Array.from({ length: size }, (_, i) => patient(i))
  const rows = stringify(crowd.map(worldOf), { defaultStringType: 'QUOTE_SINGLE' })
  const text = readFileSync(world, 'utf8')
  writeFileSync(
    world,
    text.replace(/^people:.*$/m, (head) => `${head}\n${rows.replace(/^/gm, '  ').trimEnd()}`),
  )
  return { rules, crowd, end: () => rmSync(rules, { recursive: true, force: true }) }
}
