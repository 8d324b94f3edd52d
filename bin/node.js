#!/usr/bin/env node
// `node bin/node.js FILE …` runs FILE on a Node that is new enough, whatever Node the machine has.
import { run } from './runtime.js'

run(process.argv.slice(2))
