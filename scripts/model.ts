import { cacheMistakes, cacheSearches, deepCacheSearches } from '../test/model/cache/searches.ts'
import { type Model, type Search, search } from '../test/model/checker.ts'
import { deepLockSearches, lockMistakes, lockSearches } from '../test/model/lock/searches.ts'
import { logMistakes, logSearches } from '../test/model/log/searches.ts'
import { findMistake, type Planted } from '../test/model/planted.ts'

// `npm run model`: the searches of the test run, one line each; `-- --deep` the large ones too; `-- --mistakes` the table of
// docs/model.md.

const MOST_DEEP = 20_000_000

if (process.argv.includes('--mistakes')) {
  showMistakes('Cache', cacheMistakes)
  console.log()
  showMistakes('Locks', lockMistakes)
  console.log()
  showMistakes('Log', logMistakes)
} else {
  showSearches('cache model', cacheSearches)
  showSearches('lock model', lockSearches)
  showSearches('log model', logSearches)
  if (process.argv.includes('--deep')) {
    showSearches('cache model, deep', deepCacheSearches)
    showSearches('lock model, deep', deepLockSearches)
  }
}

interface Named<S> {
  readonly name: string
  readonly model: Model<S>
}

function showSearches<S>(title: string, searches: readonly Named<S>[]): void {
  let states = 0
  for (const { name, model } of searches) {
    const found = search(model, MOST_DEEP)
    states += found.states
    console.log(`${title}: ${name}: ${describe(found)}`)
    for (const line of found.violation?.trace ?? []) console.log(`    ${line}`)
    if (found.violation) process.exitCode = 1
  }
  console.log(`${title}: ${count(states)} states in all`)
}

function describe({ states, steps, depth, ms, violation }: Search): string {
  const size = `${count(states)} states, ${count(steps)} steps, ${depth} deep, ${(ms / 1_000).toFixed(1)} s`
  return `${size}, ${violation ? `broken: ${violation.promise}` : 'no promise broken'}`
}

function showMistakes<S>(title: string, mistakes: readonly Planted<S>[]): void {
  console.log(`| ${title}: the mistake | the promise that it breaks | steps |\n| --- | --- | --- |`)
  for (const planted of mistakes) {
    const { violation } = findMistake(planted)
    console.log(`| ${planted.mistake} | ${violation?.promise} | ${violation?.trace.length} |`)
  }
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}
