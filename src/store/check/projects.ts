import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Finding } from '../../domain/places/database-file.ts'
import { marksOf, type RepositoryMarks } from '../../domain/places/repository.ts'
import type { Scope } from '../../domain/scope.ts'
import type { Reader } from '../access.ts'
import { toScope } from '../scopes/scopes.ts'

const CHECK = 'Projects'
const NAMED = 5

/**
 * Projects that no lookup finds from their working folder any more: the folder is gone, or two stand for one
 * repository.
 */
export async function checkProjects(db: Reader): Promise<Finding[]> {
  const rows = await db.selectFrom('scope').selectAll().where('type', '=', 'project').orderBy('id').execute()
  const projects = rows.map(toScope)
  const findings = [...goneFolders(projects), ...sharedRepositories(projects)]
  if (findings.length > 0) return findings
  return [{ check: CHECK, level: 'ok', text: `Each is where it says (${projects.length}).` }]
}

/** Where its parent is not there either it may stand on another machine: that is said, and no fault. */
function goneFolders(projects: readonly Scope[]): Finding[] {
  const gone = projects.filter(({ root_path: root }) => root !== null && !existsSync(root))
  return firstOf(gone, ({ name, root_path: root }) => {
    const isHere = existsSync(dirname(root ?? ''))
    const mend = `agent-memory scope move "${root}" NEW, with its folder of now or the project that takes it in.`
    return isHere
      ? { check: CHECK, level: 'warning', text: `The folder of ${name} is gone: ${root}.`, mend }
      : { check: CHECK, level: 'ok', text: `${name} stands on no path of this machine: ${root}.`, mend }
  })
}

/** Clones of one repository are one project, unless two were started before that was known. */
function sharedRepositories(projects: readonly Scope[]): Finding[] {
  const pairs = projects.flatMap((one, at) =>
    projects.slice(at + 1).flatMap((other) => (isOneRepository(one, other) ? [{ one, other }] : [])),
  )
  return firstOf(pairs, ({ one, other }) => ({
    check: CHECK,
    level: 'warning',
    text: `Two projects are of one repository: ${placeOf(one)} and ${placeOf(other)}.`,
    mend: `agent-memory scope move ${other.id} ${one.id} puts the second into the first; what differs becomes a conflict.`,
  }))
}

/** A fork shares its first commits with what it was forked from: those alone do not make two projects one. */
function isOneRepository(one: Scope, other: Scope): boolean {
  const [left, right] = [marksOf(one), marksOf(other)]
  const share = (kind: keyof RepositoryMarks) => left[kind].some((mark) => right[kind].includes(mark))
  return share('git_dirs') || share('remotes') || (share('commits') && !haveRemotes(left, right))
}

function haveRemotes(...marks: readonly RepositoryMarks[]): boolean {
  return marks.every(({ remotes }) => remotes.length > 0)
}

function placeOf({ name, root_path: root }: Scope): string {
  return `${name} (${root ?? 'no folder'})`
}

/** A database of many machines may have many: the first few say how it is mended. */
function firstOf<T>(found: readonly T[], say: (each: T) => Finding): Finding[] {
  const shown = found.slice(0, NAMED).map(say)
  const [last] = shown.slice(-1)
  const more = found.length - shown.length
  return more > 0 && last ? [...shown, { ...last, text: `And ${more} more of this kind.` }] : shown
}
