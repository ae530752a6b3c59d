import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadLeaseScripts } from '../../../src/coordination/redis/leases/scripts.ts'
import { Script } from '../../../src/coordination/redis/script.ts'
import { RedisProbe } from '../../support/redis.ts'
import { refusalOf } from '../../support/refusal.ts'

const FOLDER = new URL('../../../src/coordination/redis/scripts/lease/', import.meta.url)
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.lua'))
  .map((name) => name.replace('.lua', ''))
const OF_LUA = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while ARGV KEYS cjson ipairs math pairs pcall redis string table tonumber type unpack'.split(
    ' ',
  ),
)

interface Header {
  readonly needs: ReadonlyMap<string, readonly string[]>
  readonly gives: readonly string[]
}

const textOf = (name: string) => readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8')
const list = (text: string) => text.split(/,\s*/).map((name) => name.trim())

/** What the first comment says of the names that a file takes from those before it, and leaves to those behind it. */
function headerOf(text: string): Header {
  const lines = text.split('\n')
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('--')),
  )
  const words = comment.map((line) => line.replace(/^-- ?/, '')).join(' ')
  const [, needs = ''] = /Needs (.*?)\.(?= [A-Z]|$)/.exec(words) ?? []
  const [, gives = ''] = /Gives: (.*?)\.(?= [A-Z]|$)/.exec(words) ?? []
  const parts = [...needs.matchAll(/of (\w+): ([^;]+)/g)]
  return {
    needs: new Map(parts.map(([, file = '', names = '']) => [file, list(names)])),
    gives: gives === '' ? [] : list(gives),
  }
}

function codeOf(text: string): string {
  return text.replaceAll(/--.*$/gm, '').replaceAll(/'(?:\\.|[^'\\])*'/g, "''")
}

/** The names that a file defines anywhere: locals, functions, parameters, loop variables. */
function definedIn(code: string): Set<string> {
  const found = [
    ...code.matchAll(/\blocal (?!function)([\w, ]+)/g),
    ...code.matchAll(/\bfor ([\w, ]+?) (?:in\b|=)/g),
    ...code.matchAll(/\blocal function (\w+)/g),
    ...code.matchAll(/\bfunction[\w. ]*\(([\w, ]*)\)/g),
  ]
  return new Set(found.flatMap(([, names = '']) => list(names)))
}

/** The names that a file uses and does not define. A word before a lone `=` that is not defined is a key of a table. */
function takenBy(code: string): string[] {
  const defined = definedIn(code)
  const used = [...code.matchAll(/(?<![\w.:])([A-Za-z_]\w*)(?!\w)(\s*=(?!=))?/g)]
  const taken = used.flatMap(([, name = '', assigned]) =>
    OF_LUA.has(name) || defined.has(name) || (assigned && !isGiven(name)) ? [] : [name],
  )
  return [...new Set(taken)].sort()
}

const isGiven = (name: string) => NAMES.some((file) => headerOf(textOf(file)).gives.includes(name))

test('there are few files of scripts on leases, and each says what it needs and gives', () => {
  expect(NAMES.toSorted()).toEqual(['acts', 'asks', 'call', 'lease', 'plain', 'queue'])
  for (const name of NAMES) expect(textOf(name)).toMatch(new RegExp(`^-- lease/${name}\\.lua: `))
})

test.each(NAMES)('%s.lua needs what its header says, and gives what others need', (name) => {
  const text = textOf(name)
  const { needs, gives } = headerOf(text)
  expect([...needs.values()].flat().sort()).toEqual(takenBy(codeOf(text)))
  for (const [file, names] of needs)
    expect(headerOf(textOf(file)).gives).toEqual(expect.arrayContaining([...names]))
  const needed = NAMES.flatMap((other) => headerOf(textOf(other)).needs.get(name) ?? [])
  expect(gives.toSorted()).toEqual([...new Set(needed)].sort())
  expect([...definedIn(codeOf(text))]).toEqual(expect.arrayContaining([...gives]))
})

test('an error of a script names the file and its line', async () => {
  const script = new Script([
    ['lease/one', '-- lease/one.lua\nlocal one = 1\n'],
    ['lease/two', '-- lease/two.lua\n\nreturn one.two.three'],
  ])
  const probe = await RedisProbe.connect()
  try {
    const error = await refusalOf(Error, probe.send('EVAL', script.text, '0'))
    expect(error.message).toMatch(/user_script: ?6/)
    expect(script.located(error)).toMatchObject({ message: expect.stringContaining('lease/two.lua:3') })
    expect(error.message).not.toContain('user_script')
  } finally {
    probe.close()
  }
  for (const { text, located } of Object.values(loadLeaseScripts()).map((each) => ({
    text: each.text,
    located: (line: number) => each.located(new Error(`@user_script:${line}.`)),
  }))) {
    for (const [place, line] of text.split('\n').entries()) {
      const [, file] = /^-- (lease\/\w+\.lua): /.exec(line) ?? []
      if (file) expect(located(place + 1)).toMatchObject({ message: `@${file}:1.` })
    }
  }
})
