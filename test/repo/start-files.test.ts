import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { endOf } from '../support/run-program.ts'
import { testProgram } from '../support/test-programs.ts'

/** Loaded before the program: names each of its files on stderr. */
const NAMES = `import { registerHooks } from 'node:module'
import { writeSync } from 'node:fs'
const load = (url, context, next) => (url.startsWith('file:') && writeSync(2, 'loads ' + url + '\\n'), next(url, context))
registerHooks({ load })`
const WITH_NAMES = `--import=data:text/javascript,${encodeURIComponent(NAMES)}`

test.each(['mcp', 'list'])(
  '`agent-memory %s` reads a handful of files: Node takes a while for each',
  async (command) => {
    const home = mkdtempSync(join(tmpdir(), 'agent-memory-start-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    // Bundled from the sources as they are now, as the package is.
    const { code, stderr } = await endOf(
      spawn(process.execPath, [WITH_NAMES, testProgram('main.ts'), command], {
        cwd: home,
        env: { PATH: process.env['PATH'], HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    expect(code).toBe(0)
    const files = stderr.match(/loads file:\S+/g) ?? []
    expect(files.length).toBeGreaterThan(2)
    expect(files.length).toBeLessThan(30)
  },
)
