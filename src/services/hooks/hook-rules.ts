import { type Clock, isoTime } from '../../domain/clock.ts'
import { dependenciesOf } from '../../domain/dependencies.ts'
import { type Rule, ruleOf, type Violation } from '../../domain/hooks/rules.ts'
import { nextBoundary } from '../../store/entries/in-force.ts'
import { listEntries } from '../../store/entries/list.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { Caller } from '../running/caller.ts'
import { inProject } from '../running/in-project.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { globTest, type PathTest, type TextTest, textTest } from './patterns.ts'

/** What a tool is about to do, as rules look at it. */
export interface Deed {
  /** Absolute. */
  readonly paths: readonly string[]
  readonly texts: readonly string[]
}

interface Compiled {
  readonly rule: Rule
  readonly globs: readonly PathTest[]
  readonly texts: readonly { readonly source: string; readonly test: TextTest }[]
  /** Patterns of it that are not looked for. */
  readonly beyond: readonly string[]
}

const MOST_RULES = 1_000
const TYPES = ['guideline']
/** What an edit brings is looked through as far as this. */
const MOST_CHARACTERS = 2_000_000

/** Guidelines that say `enforce`: tools are held to them. Nothing here asks a model; the same deed has the same answer. */
export class HookRules {
  readonly #reads: CachedReads
  readonly #scopes: Scopes
  readonly #clock: Clock
  /** The list that the cache gave, which is the same object until something changes, compiled. */
  readonly #compiled = new WeakMap<readonly Rule[], Promise<readonly Compiled[]>>()

  constructor(reads: CachedReads, { scopes, clock }: { scopes: Scopes; clock: Clock }) {
    this.#reads = reads
    this.#scopes = scopes
    this.#clock = clock
  }

  /** Every rule that the deed breaks, each once; those that block first. */
  async violations(caller: Caller, deed: Deed): Promise<readonly Violation[]> {
    if (deed.paths.length === 0 && deed.texts.length === 0) return []
    const compiled = await this.#compile(await this.#rules(caller))
    const root = caller.workspace?.pathRoot
    const paths = deed.paths.map((path) => ({ path, inProject: inProject(path, root) }))
    const text = deed.texts.join('\n').slice(0, MOST_CHARACTERS)
    const found = compiled.flatMap((rule) => violationOf(rule, paths, text) ?? [])
    return found.sort((a, b) => Number(b.rule.enforce === 'block') - Number(a.rule.enforce === 'block'))
  }

  /** Patterns of enforced guidelines that are not looked for, since they could take for ever, with their guideline's name. */
  async beyond(caller: Caller): Promise<readonly (readonly [name: string, pattern: string])[]> {
    const compiled = await this.#compile(await this.#rules(caller))
    return compiled.flatMap(({ rule, beyond }) => beyond.map((pattern) => [rule.name, pattern] as const))
  }

  async #rules(caller: Caller): Promise<readonly Rule[]> {
    const chain = await this.#scopes.chainForRead(caller, {})
    const scopeIds = chain.map(({ id }) => id)
    const { value } = await this.#reads.read(
      { question: ['enforced', scopeIds], dependencies: dependenciesOf(chain, TYPES), isOwn: true },
      async (db) => {
        const at = isoTime(this.#clock.now())
        const entries = await listEntries(db, {
          scopeIds,
          types: TYPES,
          status: 'in force',
          at,
          tagsInclude: [],
          tagsExclude: [],
          minPriority: null,
          updatedAfter: null,
          beforeId: null,
          limit: MOST_RULES,
          withField: 'enforce',
        })
        const rules = entries.flatMap((entry) => ruleOf(entry) ?? [])
        return { value: rules, changesAt: await nextBoundary(db, { scopeIds, types: TYPES }, at) }
      },
    )
    return value
  }

  #compile(rules: readonly Rule[]): Promise<readonly Compiled[]> {
    const known = this.#compiled.get(rules)
    if (known) return known
    const compiled = Promise.all(rules.map(compile))
    this.#compiled.set(rules, compiled)
    return compiled
  }
}

async function compile(rule: Rule): Promise<Compiled> {
  const globs = rule.appliesTo.map((glob) => ({ source: glob, test: globTest(glob) }))
  const texts = await Promise.all(
    rule.forbidden.map(async (source) => ({ source, test: await textTest(source) })),
  )
  return {
    rule,
    globs: globs.flatMap(({ test }) => test ?? []),
    texts: texts.flatMap(({ source, test }) => (test ? { source, test } : [])),
    beyond: [...globs, ...texts].flatMap(({ source, test }) => (test ? [] : source)),
  }
}

interface Place {
  readonly path: string
  readonly inProject: string
}

function violationOf(
  { rule, globs, texts }: Compiled,
  paths: readonly Place[],
  text: string,
): Violation | undefined {
  const place = paths.find(({ inProject }) => globs.some((isMeant) => isMeant(inProject)))
  if (rule.appliesTo.length > 0 && !place) return undefined
  const path = (place ?? paths[0])?.path
  if (rule.forbidden.length === 0) return { rule, path, found: undefined }
  const found = texts.find(({ test }) => test(text))
  return found && { rule, path, found: found.source }
}
