#!/usr/bin/env node
// dist/main.js: what the command `agent-memory` runs first. It is plain old JavaScript, so that an old Node
// answers with a sentence, and it loads nothing before the compile cache is on.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 23 || (major === 22 && minor >= 16)) {
  start()
} else {
  process.stderr.write(
    `agent-memory needs Node.js 22.16 or later in the 22 line, or 24 and later; this is ${process.versions.node}. Install a current one from https://nodejs.org.\n`,
  )
  process.exitCode = 1
}

function start() {
  const { enableCompileCache, flushCompileCache } = process.getBuiltinModule('node:module')
  enableCompileCache()
  if (major === 22) hideSqliteWarning()
  import('./program.js').catch((error) => {
    process.stderr.write(`agent-memory cannot start: ${error instanceof Error ? error.stack : error}\n`)
    process.exitCode = 1
  })
  // A server is mostly ended by a signal, and then Node would not keep what it compiled.
  setTimeout(flushCompileCache, 3000).unref()
}

/** Node 22 calls its SQLite experimental on every start. Only that one warning is hidden. */
function hideSqliteWarning() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] === 'ExperimentalWarning' && /^SQLite /.test(String(warning))) return
    emitWarning.call(process, warning, ...rest)
  }
}
