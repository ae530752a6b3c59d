import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const MAIN = join(import.meta.dirname, '../dist/main.js')

/** A home folder, a Git repository and a memory of their own, which nothing else on the machine knows. */
export class Place {
  readonly #folder = mkdtempSync(join(tmpdir(), 'agent-memory-clients-'))
  readonly home = join(this.#folder, 'home')
  readonly project: string
  readonly memory: string
  /** Our program, as it was built. */
  readonly main = MAIN

  /** With another place it has the repository and the memory of that one. */
  constructor(other?: Place) {
    this.project = other?.project ?? join(this.#folder, 'shop')
    this.memory = other?.memory ?? join(this.#folder, 'memory')
    for (const folder of [this.home, join(this.#folder, 'tmp')]) mkdirSync(folder)
    if (other) return
    mkdirSync(this.project)
    execFileSync('git', ['init', '-q', this.project])
    writeFileSync(join(this.project, 'README.md'), '# Shop\n')
  }

  /** None of the user's settings, and no way out but loopback: what a client asks of the internet fails at once. */
  get env(): Record<string, string> {
    const nowhere = 'http://127.0.0.1:9'
    return {
      // Some of them start with `env node`.
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      HOME: this.home,
      TMPDIR: join(this.#folder, 'tmp'),
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      NO_COLOR: '1',
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: '127.0.0.1,localhost',
    }
  }

  /** How our server is started here. */
  get server(): { command: string; args: string[]; env: Record<string, string> } {
    const env = { ...this.env, AGENT_MEMORY_DATA_DIR: this.memory }
    return { command: process.execPath, args: [MAIN, 'mcp'], env }
  }

  /** Our command line, as the user would use it in the project. Throws unless it ends with 0. */
  run(args: readonly string[], input = ''): string {
    const env = { ...this.env, AGENT_MEMORY_DATA_DIR: this.memory }
    return execFileSync(process.execPath, [MAIN, ...args], {
      cwd: this.project,
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  /** The commands that run with this home folder. Where the system does not tell (macOS), none. */
  processes(): string[] {
    if (!existsSync('/proc/self/environ')) return []
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8')
            .split('\0')
            .includes(`HOME=${this.home}`)
          return isOurs ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()] : []
        } catch {
          return []
        }
      })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
