import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { commandOf, isShortcut } from '../../../src/transports/cli/names.ts'
import { withCli } from '../../support/cli.ts'

/** Asks a real bash, as its Tab key does, once for each line; the last word is the one that is typed. */
const ASK = `
source "$1"
spec=$(complete -p agent-memory)
while IFS= read -r line; do
  IFS='|' read -r -a COMP_WORDS <<< "$line|"
  COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
  [[ $line == *'|' ]] && COMP_WORDS+=("") && COMP_CWORD=$(( COMP_CWORD + 1 ))
  COMPREPLY=()
  "\${spec##*-F }" 2>/dev/null || _agent_memory
  echo "\${COMPREPLY[*]}"
done
`

describe('completion in bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-completion-'))
  const script = join(folder, 'completion.bash')

  beforeAll(async () => {
    await withCli(async (cli) => writeFileSync(script, (await cli(['completion', 'bash'])).stdout))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function complete(...lines: readonly (readonly string[])[]): string[] {
    const input = lines.map((words) => ['agent-memory', ...words].join('|')).join('\n')
    const answer = execFileSync('bash', ['--norc', '-c', ASK, 'bash', script], {
      input: `${input}\n`,
      encoding: 'utf8',
    })
    return answer.split('\n').slice(0, lines.length)
  }

  it.each([
    [['gui'], 'guideline'],
    [['lock', 'check'], 'checkout checkin'],
    [['guideline', 'add', '--sc'], '--scope-type --scope-id'],
    [['guideline', 'add', '--scope-type', 'o'], 'org'],
    [['guideline', 'add', '--name', 'x', '--enforce', 'b'], 'block'],
    [['guideline', 'list', '--no-in'], '--no-inherit'],
    [['search', 'some words', '--mo'], '--mode'],
    [['search', 'some words', '--mode', 'le'], 'lexical'],
    [['scope', 'create', 'o'], 'org'],
    [['setup', 'cu'], 'cursor'],
    [['setup', 'cursor', '--dr'], '--dry-run'],
    [['completion', 'f'], 'fish'],
    [['health', '--js'], '--json'],
    [['lock', 'checkout', 'src/'], ''],
    [['nonsense', 'x'], ''],
    [['query', 'search', 'x', '--mo'], '--mode'],
    [['--json', 'gui'], 'guideline'],
    [['--data-dir', 'x', 'lock', '--no-color', 'check'], 'checkout checkin'],
    [['--data-dir', '=', 'lock', 'gui'], 'guideline'],
    [['guideline', '--agent-id', 'ann', 'list', '--no-in'], '--no-inherit'],
    [['setup', 'cursor', '--data'], '--data-dir'],
    [['import', 'a.jsonl', '--on-conflict', 'k'], 'keep'],
  ])('of %j gives %j', (words, expected) => {
    expect(complete(words)).toEqual([expected])
  })

  it('knows every action of the catalogue', () => {
    const own = OPERATIONS.filter((operation) => operation.action !== null && !isShortcut(operation))
    const words = own.map((operation) => commandOf(operation).split(' ').slice(1))
    const answers = complete(...words)
    for (const [at, [, action = '']] of words.entries()) expect(answers[at]?.split(' ')).toContain(action)
  })
})
