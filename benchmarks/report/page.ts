import { faultsOf, failedShareOf, type Mark, standingOf } from '../figure.ts'
import { hasty, type Manner, rough, thorough } from '../highest.ts'
import type { Result } from '../results.ts'
import { median, spreadOf } from '../statistics.ts'
import { drawChart, escape } from './chart.ts'
import { exactly } from './words.ts'

const style = `
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.met{color:#087a4d}.missed{color:#a45b00}.far,.fault{color:#c02626}
@media(prefers-color-scheme:dark){.met{color:#4cc38a}.missed{color:#f1a10d}.far,.fault{color:#ff8080}}
svg{max-width:100%;height:auto;margin:.5rem 0}
small,.settings{color:#8a8a8a}
`

const percent = (factor: number): string => `${Math.round(100 * (factor - 1))} %`

const mannerOf = ({ growth, closest, tries }: Manner): string =>
  `steps of ${percent(growth)}, until the gap is below ${percent(closest)}, and what fails is tried ${tries === 1 ? 'once' : 'twice'}`

const introduction = `
<p>What these figures are, and against what each is held, is said beside each. The machine is shared and noisy: so a figure
is a ratio inside one run where there is something to hold it against, arms take turns, the middle of the rounds counts, and the
spread is how far the rounds lie apart. Figures were measured at different times: each says of which commit it is, and newer ones how many bills <code>split</code> computed in a second of a core just before (B8), since one machine is three
times as fast as another with as many cores. Everything runs on the same cores: k6, the server and PostgreSQL, with
<code>fsync</code> and <code>synchronous_commit</code> on.</p>
<p>Requests arrive at a rate whether the server keeps up or not (an open model), and wait from the moment at which they
were due. The highest rate is found by steps up until a load fails, and by halving the gap from then on until it is narrow:
${mannerOf(thorough)}; in a quick look ${mannerOf(hasty)} (signed sales of B1: ${mannerOf(rough)}). A load passes where at least 99.9 % of what was due
was settled, requests for which no connection was free among them, and the slowest hundredth took a second at most. What fails
mostly fails by the former: a server lets a few hundred requests wait and refuses the others at once, so that one pause of some tenths of a second,
its own or a neighbour's on the machine, ends the search there.
In the charts each dot is a load, and lines go through the middle of loads at nearly the same rate.</p>`

export function writePage(results: readonly Result[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Benchmarks of jiesuan</title>
<style>${style}</style>
<h1>Benchmarks of jiesuan</h1>
${introduction}
<h2>All figures</h2>
<table>
<thead><tr><th>Figure<th>What<th class="number">Value<th class="number">Spread<th class="number">Target<th>Standing<th>Commit</thead>
<tbody>
${results.map(rowOf).join('\n')}
</tbody>
</table>
${results.map(sectionOf).join('\n')}
</html>
`
}

function rowOf({ figure, outcome, begun, commit }: Result): string {
  const [mark] = outcome.marks
  if (!mark) return ''
  const { id } = figure
  const wrong =
    faultsOf(outcome).length > 0 ? ', <span class="fault">but see what is wrong</span>' : ''
  return `<tr><td><a href="#${id}">${id}</a><td>${escape(figure.title)}: ${escape(mark.name)}${cellsOf(mark)}${wrong}<td>${escape(commit)}, ${begun.slice(0, 10)}`
}

const cellsOf = (mark: Mark): string => {
  const [low, high] = spreadOf(mark.rounds).map((value) => exactly(value, mark.unit))
  const standing = standingOf(mark) ?? ''
  return (
    `<td class="number">${exactly(median(mark.rounds), mark.unit)}<td class="number">${low} to ${high}` +
    `<td class="number">${targetOf(mark)}<td class="${standing}">${standingWords[standing]}`
  )
}

const standingWords = { met: 'met', missed: 'missed', far: 'far from it', '': '' } as const

function targetOf({ target, unit }: Mark): string {
  if (!target) return ''
  return 'atLeast' in target
    ? `at least ${exactly(target.atLeast, unit)}`
    : `at most ${exactly(target.atMost, unit)}`
}

function sectionOf(result: Result): string {
  const { figure, outcome, session } = result
  const faults = faultsOf(outcome)
  const { sent, dropped } = outcome.load
  const { answered, stored } = outcome.books
  return `<h2 id="${figure.id}">${figure.id} · ${escape(figure.title)}</h2>
<p>Against: ${escape(figure.against)}. ${session.rounds} rounds, ${session.seconds} s a load.</p>
<table>
<thead><tr><th>What<th class="number">Value<th class="number">Spread<th class="number">Target<th>Standing<th class="number">Rounds</thead>
<tbody>
${outcome.marks.map((mark) => `<tr><td>${escape(mark.name)}${cellsOf(mark)}<td class="number">${mark.rounds.map((value) => exactly(value, mark.unit)).join(' · ')}`).join('\n')}
</tbody>
</table>
<p>Of the loads that count: ${sent} requests sent, ${dropped} dropped, ${(100 * failedShareOf(outcome.load)).toFixed(3)} % failed.
Books after the run: ${answered} settlements answered, ${stored} stored, ${faults.length === 0 ? 'nothing wrong' : `<span class="fault">${faults.map(escape).join('; ')}</span>`}.</p>
${outcome.charts.map(drawChart).join('\n')}
<p class="settings">${escape(circumstancesOf(result))}</p>`
}

/** When, where and with what. */
function circumstancesOf(result: Result): string {
  const { begun, took_s, commit, machine, versions, workers = 'by default', outcome } = result
  const pairs = Object.entries({ ...versions, ...outcome.settings }).map((pair) => pair.join(' '))
  const { processor, cores, memory_GiB, system, load, bills_per_second: speed } = machine
  return [
    `${begun}, ${took_s} s, commit ${commit}`,
    `${cores} × ${processor}, ${memory_GiB} GiB, ${system}, load ${load} before`,
    ...(speed === undefined ? [] : [`a core splits ${speed} bills a second`]),
    `workers ${workers}`,
    ...pairs,
  ].join('; ')
}
