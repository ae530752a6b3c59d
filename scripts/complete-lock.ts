import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockedPackages, missingOptionals, platformEntry } from './lock-file.ts'

// To be run after a package was added or updated from a registry mirror that lacks other platforms' packages.

const FILE = join(import.meta.dirname, '../package-lock.json')

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: LockedPackages }
const missing = missingOptionals(lock.packages)
for (const wanted of missing) lock.packages[`node_modules/${wanted.name}`] = platformEntry(wanted)
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(sorted)
if (missing.length > 0) writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${missing.length} platform packages added`)
