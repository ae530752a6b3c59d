import { isAbsolute } from 'node:path'
import { listField } from '../../domain/entries/types/entry-type.ts'
import { inQuotes } from '../../domain/reading/situation.ts'
import type { Reader } from '../../store/access.ts'
import { listEntries } from '../../store/entries/list.ts'
import type { Reach } from '../../store/entries/visible-entries.ts'
import { globTest } from '../hooks/patterns.ts'
import type { Caller } from '../running/caller.ts'
import { inProject } from '../running/in-project.ts'

/** Guidelines with globs, and which files at hand they are about. */
export interface GuidelinesOfFiles {
  /** By id, why it applies. */
  readonly applying: ReadonlyMap<string, string>
  readonly elsewhere: ReadonlySet<string>
}

const MOST_GUIDELINES = 1_000
const MOST_NAMED = 20
/** A word that can only be a file: with a folder before it, or an ending behind. */
const NAMED_FILE =
  /(?<![\w./-])(?:\.{0,2}\/)?(?:[\w@.-]+\/)+[\w@.-]*\w|(?<![\w./-])[\w-]+\.[a-z]{1,5}(?![\w/])/g

/** Files as globs name them: those that were given, and those that the question names. */
export function filesAtHand({ workspace }: Caller, given: readonly string[], query = ''): string[] {
  const named = query.match(NAMED_FILE)?.slice(0, MOST_NAMED) ?? []
  const root = workspace?.pathRoot
  const files = [...given, ...named].map((path) =>
    isAbsolute(path) ? inProject(path, root) : path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''),
  )
  return [...new Set(files)].sort()
}

/** Every guideline in reach that has globs, by whether it is about one of these files. */
export async function guidelinesOf(
  db: Reader,
  { scopeIds, withheld = {}, at }: Reach,
  files: readonly string[],
): Promise<GuidelinesOfFiles> {
  const guidelines = await listEntries(db, {
    ...{ scopeIds, withheld, at },
    types: ['guideline'],
    status: 'in force',
    tagsInclude: [],
    tagsExclude: [],
    minPriority: null,
    updatedAfter: null,
    beforeId: null,
    limit: MOST_GUIDELINES,
    withField: 'applies_to',
  })
  const applying = new Map<string, string>()
  const elsewhere = new Set<string>()
  for (const guideline of guidelines) {
    const globs = listField(guideline, 'applies_to')
    if (globs.length === 0) continue
    const why = whyApplies(globs, files)
    if (why === undefined) elsewhere.add(guideline.id)
    else applying.set(guideline.id, why)
  }
  return { applying, elsewhere }
}

function whyApplies(globs: readonly string[], files: readonly string[]): string | undefined {
  for (const glob of globs) {
    const isMeant = globTest(glob)
    const file = isMeant && files.find(isMeant)
    if (file !== undefined) return `${inQuotes(glob)} means ${inQuotes(file)}`
  }
  return undefined
}
