import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { nodeBinary, OLDEST_NODE } from './node-package.ts'

// The tests of the sources on the oldest Node that package.json promises. test/repo is about this repository's own
// tools, which need the current one.

const root = join(import.meta.dirname, '..')
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const args = [vitest, 'run', '--exclude', 'test/repo/**', ...process.argv.slice(2)]
const child = spawn(nodeBinary(OLDEST_NODE), args, { cwd: root, stdio: 'inherit' })
const [code] = await once(child, 'close')
process.exitCode = code === 0 ? 0 : 1
