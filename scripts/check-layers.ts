import { join } from 'node:path'
import { checkLayers } from './layers.ts'

const { sources, violations } = await checkLayers(join(import.meta.dirname, '..'))
for (const { rule, from, to } of violations) console.log(`${rule}: ${from} -> ${to}`)
console.log(`layers: ${sources} source files, ${violations.length} breaches`)
process.exitCode = violations.length === 0 ? 0 : 1
