#!/usr/bin/env node
// dist/main.js: what the command `agent-memory` runs first. It is plain old JavaScript, so that an old Node
// answers with a sentence, and it loads nothing before the compile cache is on.
const [major, minor] = process.versions.node.split('.').map(Number)

/** Settles when the program has done its work. */
export const ended = major > 23 || (major === 22 && minor >= 16) ? start() : refuse()

function refuse() {
  process.stderr.write(
    `agent-memory needs Node.js 22.16 or later in the 22 line, or 24 and later; this is ${process.versions.node}. Install a current one from https://nodejs.org.\n`,
  )
  // A hook that cannot run must not block its client.
  process.exitCode = isHook() ? 0 : 1
}

function start() {
  return run().catch((error) => {
    process.stderr.write(`agent-memory cannot start: ${error instanceof Error ? error.stack : error}\n`)
    // A hook that fails must not block its client.
    process.exitCode = isHook() ? 0 : 1
  })
}

/** A client waits for its hooks before every edit: while a server of ours runs, a small program asks that one. */
async function run() {
  if (!isHook() || hasAsked()) return startProgram()
  const { answerHook } = await import('./hook.cjs')
  return answerHook(process, startProgram)
}

function isHook() {
  return process.argv[2] === 'hook' && process.argv[3] === 'run'
}

/** Clients start the small program itself; it comes here where no server has answered. */
function hasAsked() {
  return Symbol.for('agent-memory.hook-stdin') in globalThis
}

function startProgram() {
  const { enableCompileCache, flushCompileCache } = process.getBuiltinModule('node:module')
  enableCompileCache()
  if (major === 22) hideSqliteWarning()
  // A server is mostly ended by a signal, and then Node would not keep what it compiled.
  setTimeout(flushCompileCache, 3000).unref()
  return import('./program.js')
}

/** Node 22 calls its SQLite experimental on every start. Only that one warning is hidden. */
function hideSqliteWarning() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] === 'ExperimentalWarning' && /^SQLite /.test(String(warning))) return
    emitWarning.call(process, warning, ...rest)
  }
}
