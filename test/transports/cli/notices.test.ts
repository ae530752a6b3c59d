import { expect, test } from 'vitest'
import { withUsedCli } from '../../support/cli.ts'

/** "ann" holds a file that "bob" has asked for in vain. */
const contended = (body: (ann: (...words: string[]) => Promise<Answer>) => Promise<void>) =>
  withUsedCli(async (cli) => {
    const as = (agent: string, words: readonly string[]) => cli([...words, '--agent-id', agent])
    await as('ann', ['lock', 'checkout', 'a.ts'])
    expect((await as('bob', ['lock', 'checkout', 'a.ts'])).code).not.toBe(0)
    await body((...words) => as('ann', words))
  })

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const WANTED = /"bob" wants .*a\.ts/

test('an agent that names itself in a shell gets its notices on stderr, once, beside the answer', () =>
  contended(async (ann) => {
    const first = await ann('lock', 'status', 'a.ts')
    expect(first.stderr).toMatch(WANTED)
    expect(first.stdout).not.toMatch(WANTED)
    expect((await ann('lock', 'status', 'a.ts')).stderr).toBe('')
  }))

test('with --json the answer holds it, and stderr nothing', () =>
  contended(async (ann) => {
    const { stdout, stderr } = await ann('lock', 'status', 'a.ts', '--json')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      agent_id: 'ann',
      notices: [expect.stringMatching(WANTED)],
    })
  }))
