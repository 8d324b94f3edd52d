import { createCaller, type Caller } from '../../adapters/nhsa/client.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import type { Sent } from '../openModel.ts'
import { type BillsAsked, employeesOf, shuffled } from './bills.ts'
import type { City } from './city.ts'
import { type Bill, prescribedLines } from './lines.ts'
import { type Citizen, today } from './people.ts'

/** The sandbox's: codes of the national interface are digits, and those of a city's institutions are not. */
const pharmacy = { code: 'P51010000001', name: '演示药店', division: '510100' }
/** A msgid has room for ten thousand a second of one institution. */
const aSecond = 5_000

/**
 * Sales of five lines over the national interface (药店结算 2102), as a pharmacy sends them: each signed by who sends it, under a nonce
 * that is good once, with the card's number and serial. They are good for some minutes.
 */
export function signedSales(city: City, { count, tag }: BillsAsked, now: number): readonly Sent[] {
  const random = city.random(`signed sales ${tag}`)
  const people = shuffled(employeesOf(city), random)
  const { paasid, secret } = readWorld('rules').gateway
  let made = 0
  const caller = createCaller({
    url: '',
    paasid,
    secret,
    institution: pharmacy,
    now: () => now + 1_000 * Math.trunc(made / aSecond),
  })
  return Array.from({ length: count }, (_, i) => {
    made = i
    const citizen = people[i % people.length] as Citizen
    return messageOf(caller, citizen, prescribedLines(random, 5), `${tag}-${i + 1}`)
  })
}

const at = `${today} 08:10:00`

function messageOf(caller: Caller, citizen: Citizen, bill: Bill, key: string): Sent {
  const druginfo = {
    psn_no: citizen.id,
    mdtrt_cert_type: '03',
    mdtrt_cert_no: citizen.card.number,
    card_sn: citizen.card.serial,
    begntime: at,
    medfee_sumamt: bill.total,
    insutype: '310',
    acct_used_flag: '1',
    med_type: '41',
  }
  const drugdetail = bill.lines.map(({ id, item, quantity, unitPrice, amount }) => ({
    feedetl_sn: `${key}-${id}`,
    rxno: `RX${key}`,
    rx_circ_flag: '1',
    fee_ocur_time: at,
    med_list_codg: item,
    medins_list_codg: `OWN-${item}`,
    det_item_fee_sumamt: amount,
    cnt: quantity,
    pric: unitPrice,
  }))
  const message = caller.wrap('2102', { druginfo, drugdetail }, { homeRegion: citizen.home })
  const { 'content-type': type = '', ...headers } = caller.headers()
  const body = JSON.stringify(message)
  return { path: '/fsi/api/2102', type, body, headers, doneSays: '"infcode":0,' }
}
