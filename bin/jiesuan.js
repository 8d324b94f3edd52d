#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { run } from './runtime.js'

const main = fileURLToPath(new URL('../adapters/cli/main.ts', import.meta.url))
run([main, ...process.argv.slice(2)])
