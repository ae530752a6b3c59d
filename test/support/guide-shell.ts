import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { programArgs } from './program.ts'

/** A command that a guide shows, with what it says that it prints. */
export interface GuideStep {
  readonly command: string
  readonly output: string
}

export function readGuide(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../docs/guides', name), 'utf8')
}

/** The commands in the console blocks of a page, in their order. */
export function guideSteps(page: string): GuideStep[] {
  return [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .filter(Boolean)
      .map((part) => {
        const end = part.search(/(?<!\\)\n/)
        return { command: part.slice(0, end), output: part.slice(end + 1) }
      }),
  )
}

interface GuideShellOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Commands of the page by name, each with the words that it stands for here. */
  readonly commands?: Readonly<Record<string, readonly string[]>>
  /** In the search path before the machine's own. */
  readonly folders?: readonly string[]
  /** A folder at home that is a repository, and where the commands are given; else that is the home itself. */
  readonly project?: string
}

/** A shell for the commands of a guide: with `agent-memory`, and a home folder that the page calls /home/ada. */
export class GuideShell {
  readonly home = mkdtempSync(join(tmpdir(), 'agent-memory-guide-'))
  readonly #options: GuideShellOptions
  readonly #exported: string[] = []

  constructor(options: GuideShellOptions = {}) {
    this.#options = options
    mkdirSync(join(this.home, 'bin'))
    if (options.project) mkdirSync(join(this.home, options.project, '.git'), { recursive: true })
    const program = [process.execPath, ...programArgs()]
    for (const [name, words] of Object.entries({ 'agent-memory': program, ...options.commands })) {
      const quoted = words.map((word) => `'${word}'`).join(' ')
      writeFileSync(join(this.home, 'bin', name), `#!/bin/sh\nexec ${quoted} "$@"\n`)
      chmodSync(join(this.home, 'bin', name), 0o755)
    }
  }

  /** What it prints, on stdout and stderr. What it exports holds for the commands after it. */
  run(command: string): string {
    if (command.startsWith('export ')) this.#exported.push(command)
    const { project = '.', env = {}, folders = [] } = this.#options
    const script = [...this.#exported, 'exec 2>&1', command].join('\n').replaceAll('/home/ada', this.home)
    const output = execFileSync('bash', ['-c', script], {
      cwd: join(this.home, project),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        HOME: this.home,
        PATH: [join(this.home, 'bin'), ...folders, process.env['PATH']].join(delimiter),
        ...env,
      },
    })
    return output.replaceAll(this.home, '/home/ada')
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}
