import type { SearchedFolder } from './files.ts'
import type { ShellWord } from './parts.ts'

interface Findings {
  readonly below: readonly SearchedFolder[]
  /** What it runs for what it finds, `{}` standing for that. */
  readonly commands: readonly (readonly ShellWord[])[]
  readonly isDeleting: boolean
}

const HERE: ShellWord = { text: '.', isCertain: true }
const RUNS = /^-(exec|execdir|ok|okdir)$/

/** What `find …` looks through, for what names, and what it does with it. */
export function findings(given: readonly ShellWord[]): Findings {
  const start = given.findIndex(({ text }) => !/^-([HLP]|D.*|O\d)$/.test(text))
  const words = start < 0 ? [] : given.slice(start)
  const at = words.findIndex(({ text }) => /^(-.+|[(!,])$/.test(text))
  const folders = at < 0 ? words : words.slice(0, at)
  const { tests, commands } = withoutCommands(at < 0 ? [] : words.slice(at))
  const names = namesIn(tests)
  return {
    below: (folders.length > 0 ? folders : [HERE]).map((folder) => ({ folder, names })),
    commands,
    isDeleting: tests.includes('-delete'),
  }
}

function withoutCommands(expression: readonly ShellWord[]) {
  const tests: string[] = []
  const commands: (readonly ShellWord[])[] = []
  for (let at = 0; at < expression.length; at++) {
    const text = expression[at]?.text ?? ''
    tests.push(text)
    if (!RUNS.test(text)) continue
    const length = expression.slice(at + 1).findIndex((word) => word.text === ';' || word.text === '+')
    const end = length < 0 ? expression.length : at + 1 + length
    commands.push(expression.slice(at + 1, end))
    at = end
  }
  return { tests, commands }
}

/** One of these every file has that it finds; undefined where it looks for others too. */
function namesIn(tests: readonly string[]): readonly string[] | undefined {
  const negated = tests.some((test, at) => /^(!|-not)$/.test(test) && tests[at + 1] === '(')
  if (negated || tests.includes(',')) return undefined
  const names: string[] = []
  for (const branch of branchesOf(tests)) {
    // What is pruned is passed over.
    if (branch.includes('-prune') && !branch.some((test) => test === '-delete' || RUNS.test(test))) continue
    const name = nameIn(branch)
    if (name === undefined) return undefined
    names.push(name)
  }
  return names.length > 0 ? names : undefined
}

function branchesOf(tests: readonly string[]): readonly (readonly string[])[] {
  const branches: string[][] = [[]]
  for (const test of tests) {
    if (test === '-o' || test === '-or') branches.push([])
    else branches.at(-1)?.push(test)
  }
  return branches
}

function nameIn(branch: readonly string[]): string | undefined {
  const at = branch.findIndex((test, n) => /^-i?name$/.test(test) && !/^(!|-not)$/.test(branch[n - 1] ?? ''))
  const name = at < 0 ? undefined : branch[at + 1]
  if (name === undefined || branch[at] === '-name') return name
  return name.includes('[')
    ? undefined
    : name.replace(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)
}
