// The first step of `npm start` and `npm test`: installs and builds what is missing or out of date.
// It runs on whatever Node the system has (18 is enough) and writes to stderr only: stdout belongs to the program.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const program = join(root, 'dist', 'main.js')
// The `node` package brings its program by an install script, so a user's own ignore-scripts must not hold here.
const INSTALL = ['ci', '--include=dev', '--ignore-scripts=false', '--loglevel=error']

try {
  if (!isInstalled() || !isBuilt()) await withLock(installAndBuild)
} catch (error) {
  say(error.message)
  process.exitCode = 1
}

async function installAndBuild() {
  if (!isInstalled()) await step('Installing the development packages', npm(), INSTALL)
  if (!isBuilt()) await step('Building', [node], [join(root, 'scripts', 'build.ts')])
}

/** Whether node_modules holds exactly the versions of package-lock.json. Modification times would not tell after a checkout. */
function isInstalled() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!installed || !existsSync(node)) return false
  return Object.entries(packagesOf(join(root, 'package-lock.json')) ?? {}).every(
    ([path, { version, optional }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional),
  )
}

/** @returns {Record<string, { version?: string, optional?: boolean }> | undefined} */
function packagesOf(lockFile) {
  if (!existsSync(lockFile)) return undefined
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages
}

function isBuilt() {
  if (!existsSync(program)) return false
  const inputs = ['src', 'scripts', 'package.json', 'package-lock.json'].map((path) => join(root, path))
  return Math.max(...inputs.map(newestChange)) <= statSync(program).mtimeMs
}

/** A folder's own time counts too: it moves when a file is removed. */
function newestChange(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

/** Two clients may start the same clone at once: the second waits for the first. */
async function withLock(work) {
  const lock = join(root, '.cache', 'bootstrap.lock')
  mkdirSync(dirname(lock), { recursive: true })
  while (!tryLock(lock)) await new Promise((resolve) => setTimeout(resolve, 250))
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isHeld(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'))
    // Between the making of the file and the writing of the number it is empty.
    if (holder === 0) return Date.now() - statSync(lock).mtimeMs < 5000
    return process.kill(holder, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The npm that started this script, on the Node that runs it. */
function npm() {
  const script = process.env.npm_execpath
  if (script && /\.c?js$/.test(script)) return [process.execPath, script]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

async function step(title, [command, ...first], args) {
  say(`${title} …`)
  const started = Date.now()
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0)
  const progress = setInterval(() => say(`${title}: ${seconds()} s so far`), 10_000)
  const failure = await runToEnd(command, [...first, ...args])
  clearInterval(progress)
  if (failure) throw new Error(`${title} failed: ${failure}. The lines above say why.`)
  say(`done in ${seconds()} s`)
}

/** Answers what went wrong, if something did. */
async function runToEnd(command, args) {
  // The child's stdout goes to our stderr.
  const child = spawn(command, args, { cwd: root, shell: command.endsWith('.cmd'), stdio: ['ignore', 2, 2] })
  try {
    const [code, signal] = await once(child, 'exit')
    return code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`
  } catch (error) {
    return error.message
  }
}

function say(text) {
  process.stderr.write(`agent-memory: ${text}\n`)
}
