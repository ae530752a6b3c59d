import { LEASE_LIMITS } from './lease.ts'
import { pathInAddress, refused } from './path-forms.ts'

/**
 * The one spelling of a path that a lease is kept under: absolute, with forward slashes, without `.`, `..`, doubled and
 * trailing slashes, in NFC. Relative ones mean `root`. Looks at the text only; symbolic links are the services' matter.
 */
export function normalisePath(path: string, root: string | null): string {
  checkText(path)
  const { prefix, rest } = split(turned(path, root), root)
  if (prefix !== null) return checkedLength(join(prefix, rest))
  if (/^[A-Za-z]:/.test(path))
    throw refused('a drive letter needs a slash after the colon, as in C:/src/a.ts')
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path)) {
    const found = pathInAddress(path)
    throw refused(`expected a path, not a URL${found && `: pass${found}`}`)
  }
  if (root === null)
    throw refused(
      'a relative path means nothing here, since there is no project root',
      'Give an absolute path.',
    )
  return checkedLength(join(...within(root, path)))
}

/** True when `path` is `folder` or below it; both normalised. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

function checkText(path: string): void {
  if (path === '') throw refused('is empty')
  if (!path.isWellFormed()) throw refused('holds half of a character')
  if (/\p{Cc}/u.test(path)) throw refused('holds a NUL or another control character')
  checkedLength(path)
}

function checkedLength(path: string): string {
  if (Buffer.byteLength(path) <= LEASE_LIMITS.pathBytes) return path
  throw refused(`takes more than ${LEASE_LIMITS.pathBytes} bytes`)
}

const WINDOWS_ROOT = /^(?:[A-Za-z]:|\\\\|\/\/)/

/** Two slashes, a server, a share; neither of them `.` or `..`. */
const SHARE = /^[\\/]{2}(?!\.{1,2}[\\/])[^\\/]+[\\/]+(?!\.{1,2}(?:[\\/]|$))[^\\/]/
const TURNED_SHARE = /^\\\\(?!\.{1,2}[\\/])[^\\/]+[\\/]+(?!\.{1,2}(?:[\\/]|$))[^\\/]/

/** Backslashes turned, doubled slashes gone, and Windows' long form (`\\?\C:\…`, `\\?\UNC\…`) reduced to the short one. */
function turned(path: string, root: string | null): string {
  const short = path.replace(/^\\\\\?\\UNC\\/i, '\\\\').replace(/^\\\\\?\\/, '')
  // A share keeps its two slashes. Spelt with slashes it is one only on Windows; elsewhere a doubled slash is a slip.
  const isShare = root !== null && WINDOWS_ROOT.test(root) ? SHARE : TURNED_SHARE
  const single = short.normalize('NFC').replace(/[\\/]+/g, '/')
  return isShare.test(short) ? `/${single}` : single
}

/** What `..` cannot climb above, and the rest; a null prefix for a relative path. */
function split(path: string, root: string | null): { prefix: string | null; rest: string } {
  const share = /^\/\/[^/]+\/[^/]+/.exec(path)?.[0]
  if (share !== undefined) return { prefix: `${share}/`, rest: path.slice(share.length) }
  const drive = /^([A-Za-z]):\//.exec(path)?.[1]
  if (drive !== undefined) return { prefix: `${drive.toUpperCase()}:/`, rest: path.slice(3) }
  if (!path.startsWith('/')) return { prefix: null, rest: path }
  // On Windows a path that begins with a slash means the current drive.
  const currentDrive = /^[A-Za-z](?=:)/.exec(root ?? '')?.[0]
  return { prefix: currentDrive === undefined ? '/' : `${currentDrive.toUpperCase()}:/`, rest: path }
}

/** Prefix and rest of a relative path below the root. */
function within(root: string, path: string): [string, string] {
  const { prefix, rest } = split(turned(root, root), null)
  if (prefix === null) throw new RangeError('a project root is absolute')
  return [prefix, `${rest}/${turned(path, null)}`]
}

function join(prefix: string, rest: string): string {
  const parts: string[] = []
  for (const part of rest.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  if (parts.length === 0 && prefix.length > 3) return prefix.slice(0, -1)
  return prefix + parts.join('/')
}
