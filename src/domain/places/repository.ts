import { z } from 'zod'

/** What a repository is known by beside its folder, wherever it stands. A project keeps it in its metadata, as `repository`. */
export interface RepositoryMarks {
  /** Addresses of its remotes, without what differs between two ways to one place. */
  readonly remotes: readonly string[]
  /** Its first commits. */
  readonly commits: readonly string[]
  /** Its common git directory on this machine, where the folder does not tell it. */
  readonly git_dirs: readonly string[]
}

const list = z.array(z.string()).catch([]).default([])
const schema = z.object({ remotes: list, commits: list, git_dirs: list })
export const NO_MARKS: RepositoryMarks = { remotes: [], commits: [], git_dirs: [] }

/** The marks that a project has; none where nothing of that kind stands in its metadata. */
export function marksOf({
  metadata,
}: {
  readonly metadata: Readonly<Record<string, unknown>>
}): RepositoryMarks {
  const parsed = schema.safeParse(metadata['repository'])
  return parsed.success ? parsed.data : NO_MARKS
}

export function haveMarkInCommon(one: RepositoryMarks, other: RepositoryMarks): boolean {
  return KINDS.some((kind) => one[kind].some((mark) => other[kind].includes(mark)))
}

/** Whether these are two repositories for certain: both have first commits, and not one mark in common. */
export function areApart(one: RepositoryMarks, other: RepositoryMarks): boolean {
  return one.commits.length > 0 && other.commits.length > 0 && !haveMarkInCommon(one, other)
}

/**
 * Whether two repositories that have first commits in common may have begun from one template: each has remotes, of other names and
 * none in common. A fork keeps its name.
 */
export function mayBeSiblings(one: RepositoryMarks, other: RepositoryMarks): boolean {
  if (one.remotes.length === 0 || other.remotes.length === 0) return false
  if (haveMarkInCommon({ ...one, commits: [] }, other)) return false
  const names = new Set(one.remotes.map(nameIn))
  return !other.remotes.some((remote) => names.has(nameIn(remote)))
}

function nameIn(remote: string): string {
  return remote.slice(remote.lastIndexOf('/') + 1)
}

/** All that is known of one repository; undefined where `found` adds nothing. */
export function moreMarks(known: RepositoryMarks, found: RepositoryMarks): RepositoryMarks | undefined {
  if (KINDS.every((kind) => found[kind].every((mark) => known[kind].includes(mark)))) return undefined
  const both = (kind: keyof RepositoryMarks) => [...new Set([...known[kind], ...found[kind]])].slice(0, MOST)
  return { remotes: both('remotes'), commits: both('commits'), git_dirs: both('git_dirs') }
}

const KINDS = ['remotes', 'commits', 'git_dirs'] as const
export const MOST = 20

/**
 * `git@github.com:Acme/App.git`, `ssh://git@github.com:22/acme/app` and
 * `https://user:secret@github.com/acme/app/` are one place. The login is left out, so that no secret is kept.
 * Undefined for a path of this machine, which means nothing elsewhere.
 */
export function normaliseRemote(address: string): string | undefined {
  const text = address.trim()
  const [, url] = /^(?:[a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? []
  if (/^file:/i.test(text)) return undefined
  const [, host, path] =
    (url === undefined
      ? /^(?:[^@/\\]*@)?(\[[^\]]+\]|[^:/\\]{2,}):(?!\d+$)(.+)$/
      : /^(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)(?::\d*)?\/(.+)$/
    ).exec(url ?? text) ?? []
  if (host === undefined || path === undefined) return undefined
  const place = path
    .replace(/[?#].*$/, '')
    .replaceAll(/\/{2,}/g, '/')
    .replace(/^\/|\/$/g, '')
    .replace(/\.git$/i, '')
    .replace(/\/$/, '')
  return place === '' ? undefined : oneHost(`${host}/${place}`.toLowerCase())
}

/** Hosts under another name, among them those that take SSH on the port of HTTPS. */
const SAME_HOSTS: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
}

const AZURE_OVER_SSH = /^(?:ssh\.dev\.azure\.com|vs-ssh\.visualstudio\.com)\/v3\/([^/]+)\/([^/]+)\/([^/]+)$/

function oneHost(remote: string): string {
  const [, org, project, name] = AZURE_OVER_SSH.exec(remote) ?? []
  if (org !== undefined) return `dev.azure.com/${org}/${project}/_git/${name}`
  const end = remote.indexOf('/')
  const host = remote.slice(0, end).replace(/^www\./, '')
  return `${Object.hasOwn(SAME_HOSTS, host) ? SAME_HOSTS[host] : host}${remote.slice(end)}`
}
