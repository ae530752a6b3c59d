import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCommandLine } from '../../src/transports/cli/arguments/command-line.ts'
import { isBranch } from '../../src/transports/cli/command.ts'
import { PROGRAM } from '../../src/transports/cli/commands.ts'
import { shellWords } from '../support/cli.ts'

// Every command line that the pages show is one that the reader understands.

const ROOT = join(import.meta.dirname, '../..')
const SHOWN = /(?:^\$ .*?|^|`)(?:[A-Z_]+=\S+ )*agent-memory ([a-z-][^`\n|;>…]*)/gm

const LINES = [...globSync('docs/**/*.md', { cwd: ROOT }), 'README.md'].flatMap((page) => {
  const fences = readFileSync(join(ROOT, page), 'utf8').match(/^```[\s\S]*?^```/gm) ?? []
  const shown = fences.flatMap((fence) => [...fence.matchAll(SHOWN)])
  return shown.map(([, line = '']) => [page, line.replace(/ #.*/, '').replace(/\)+$/, '')] as const)
})

test('the pages show command lines', () => expect(LINES.length).toBeGreaterThan(40))

test.each(LINES)('%s: agent-memory %s', (_page, line) => {
  const { place, problem } = readCommandLine(shellWords(line), PROGRAM)
  expect(problem).toBeUndefined()
  expect(place && (!isBranch(place) || line === '--help')).toBe(true)
})
